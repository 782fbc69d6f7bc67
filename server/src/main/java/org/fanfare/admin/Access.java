package org.fanfare.admin;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Who may see messages and figures (reliability C3). Health is for everybody.
public final class Access {

    private static final String SCHEME = "Bearer ";

    private final @Nullable String token;

    private Access(@Nullable String token) {
        this.token = token;
    }

    /// Whoever can connect.
    public static Access open() {
        return new Access(null);
    }

    /// Whoever knows the token and shows it as `Authorization: Bearer TOKEN`.
    public static Access byToken(String token) {
        return new Access(token);
    }

    /// Refuses with 401 whoever may not.
    void check(HttpRequest request) throws HttpRefusal {
        var shown = request.header("authorization").orElse("");
        if (token != null && !same(shown, SCHEME + token)) {
            throw new HttpRefusal(401, "a token is needed: Authorization: Bearer TOKEN");
        }
    }

    /// In a time that tells nothing about where the texts differ.
    private static boolean same(String shown, String wanted) {
        return MessageDigest.isEqual(
                shown.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    }

    /// Does not show the token.
    @Override
    public String toString() {
        return token == null ? "open" : "by token";
    }
}
