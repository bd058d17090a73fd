//! What people and tools read afterwards: derivations, tables, plots, result files.
