package org.fanfare.ledger;

import java.util.List;
import java.util.OptionalInt;

/// Part of a long result.
///
/// @param next what to ask for as `after` to go on, absent at the end
public record Page<T>(List<T> rows, OptionalInt next) {}
