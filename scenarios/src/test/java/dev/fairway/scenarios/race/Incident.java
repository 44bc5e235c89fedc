package dev.fairway.scenarios.race;

import java.util.concurrent.Callable;

/// Something that befalls the servers while clients race.
///
/// @param share begins when this share of the Services was asked for: 0.5 is half-way
record Incident(double share, Callable<?> happening) {}
