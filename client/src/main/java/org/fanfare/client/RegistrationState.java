package org.fanfare.client;

import java.time.Duration;

/// How a registration went.
///
/// @param status the final answer, or 0 where none came
/// @param reason its reason phrase, or why none came
/// @param expires how long the network keeps the binding; zero where there is none
public record RegistrationState(int status, String reason, Duration expires) {

    /// Whether the user can be reached.
    public boolean isRegistered() {
        return expires.isPositive();
    }

    /// Whether the network did what was asked of it.
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
