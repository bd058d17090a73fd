//! Runs plans. Knows nothing of nem: only instructions, buffers and devices.
