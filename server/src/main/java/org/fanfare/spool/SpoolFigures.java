package org.fanfare.spool;

/// Figures of a [SpoolStore].
///
/// @param open spools in work
/// @param readers their readers
/// @param memory octets of memory that contents take
/// @param octets all contents, in memory and on disk
/// @param full how often there was no room
public record SpoolFigures(int open, int readers, long memory, long octets, long full) {}
