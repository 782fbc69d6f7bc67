package org.fanfare.imdn;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a sender can ask to be told (RFC 5438 6.2); `interworking` is of CPM.
public enum DispositionNotification {
    POSITIVE_DELIVERY("positive-delivery"),
    NEGATIVE_DELIVERY("negative-delivery"),
    PROCESSING("processing"),
    DISPLAY("display"),
    INTERWORKING("interworking");

    private final String token;

    DispositionNotification(String token) {
        this.token = token;
    }

    /// As it stands in the header.
    public String token() {
        return token;
    }

    public static Optional<DispositionNotification> ofToken(String token) {
        for (var notification : values()) {
            if (notification.token.equals(token)) {
                return Optional.of(notification);
            }
        }
        return Optional.empty();
    }

    /// Reads a header value: a comma list in which unknown tokens and parameters are passed over.
    public static Set<DispositionNotification> parse(String value) {
        var wanted = EnumSet.noneOf(DispositionNotification.class);
        for (var item : value.split(",", -1)) {
            int semicolon = item.indexOf(';');
            var token = semicolon < 0 ? item : item.substring(0, semicolon);
            ofToken(token.strip()).ifPresent(wanted::add);
        }
        return Collections.unmodifiableSet(wanted);
    }

    /// The header value that asks for these.
    public static String format(Set<DispositionNotification> wanted) {
        return wanted.stream()
                .sorted()
                .map(DispositionNotification::token)
                .collect(Collectors.joining(", "));
    }
}
