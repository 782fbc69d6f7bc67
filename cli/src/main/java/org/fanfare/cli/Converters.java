package org.fanfare.cli;

import org.fanfare.imdn.DispositionNotification;
import org.fanfare.mime.MediaType;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.function.Function;

/// Words of the command line as types of the protocol; what cannot be read is wrong usage, with the
/// reason.
final class Converters {

    private Converters() {}

    static final class ToUri implements ITypeConverter<Uri> {
        @Override
        public Uri convert(String text) {
            return read(text, Uri::parse);
        }
    }

    static final class ToAddress implements ITypeConverter<NameAddress> {
        @Override
        public NameAddress convert(String text) {
            return read(text, NameAddress::parse);
        }
    }

    static final class ToHop implements ITypeConverter<Hop> {
        @Override
        public Hop convert(String text) {
            return read(text, Hop::parse);
        }
    }

    /// Of MSRP.
    static final class ToMediaTransport implements ITypeConverter<TransportProtocol> {
        @Override
        public TransportProtocol convert(String word) {
            return switch (word) {
                case "tcp" -> TransportProtocol.TCP;
                case "tls" -> TransportProtocol.TLS;
                default -> throw new TypeConversionException("expected tcp or tls, found " + word);
            };
        }
    }

    static final class ToMediaType implements ITypeConverter<MediaType> {
        @Override
        public MediaType convert(String text) {
            return read(text, MediaType::parse);
        }
    }

    static final class ToNotification implements ITypeConverter<DispositionNotification> {
        @Override
        public DispositionNotification convert(String word) {
            if (word.equals("delivery")) {
                return DispositionNotification.POSITIVE_DELIVERY;
            }
            for (var notification : DispositionNotification.values()) {
                if (word.equals(notification.token())) {
                    return notification;
                }
            }
            throw new TypeConversionException(
                    "expected delivery, display, negative-delivery, interworking or processing,"
                            + " found "
                            + word);
        }
    }

    private static <T> T read(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (MalformedMessage | IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
