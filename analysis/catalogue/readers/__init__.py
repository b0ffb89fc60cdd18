"""Event catalogues of other producers, recognised by their columns and read as a catalogue of attacks."""

from analysis.catalogue.readers.recognised import foreign, reader_of, translated

__all__ = ["foreign", "reader_of", "translated"]
