package org.fanfare.imdn;

import org.fanfare.mime.ContentDisposition;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

/// One notification: what became of a message at one recipient (RFC 5438 11.1).
///
/// @param messageId of the message that this is about
/// @param dateTime of that message, as written there
/// @param recipientUri who reports, as the CPIM To of the message had it; empty when not told
/// @param originalRecipientUri of Original-To; empty when not told
public record Imdn(
        String messageId,
        String dateTime,
        String recipientUri,
        String originalRecipientUri,
        Kind kind,
        Status status) {

    /// What is reported.
    public enum Kind {
        DELIVERY("delivery-notification"),
        DISPLAY("display-notification"),
        PROCESSING("processing-notification"),
        INTERWORKING("interworking-notification"),

        /// One of an extension that is not known here.
        EXTENSION("");

        private final String element;

        Kind(String element) {
            this.element = element;
        }

        String element() {
            return element;
        }
    }

    /// How it went.
    public enum Status {
        DELIVERED("delivered"),
        FAILED("failed"),
        DISPLAYED("displayed"),
        PROCESSED("processed"),
        STORED("stored"),
        FORBIDDEN("forbidden"),
        ERROR("error"),
        LEGACY_SMS("legacy-sms"),
        LEGACY_MMS("legacy-mms"),

        /// One of an extension that is not known here.
        EXTENSION("");

        private final String element;

        Status(String element) {
            this.element = element;
        }

        String element() {
            return element;
        }

        /// Whether a notification of that kind can have this status (RFC 5438 11.1.7).
        public boolean isOf(Kind kind) {
            return switch (this) {
                case DELIVERED, FAILED -> kind == Kind.DELIVERY;
                case DISPLAYED -> kind == Kind.DISPLAY;
                case PROCESSED, STORED -> kind == Kind.PROCESSING;
                case FORBIDDEN -> kind != Kind.INTERWORKING && kind != Kind.EXTENSION;
                case ERROR -> kind != Kind.EXTENSION;
                case LEGACY_SMS, LEGACY_MMS -> kind == Kind.INTERWORKING;
                case EXTENSION -> true;
            };
        }
    }

    public Imdn {
        if (!status.isOf(kind)) {
            throw new MalformedMessage(
                    "imdn: expected a status of " + kind + ", found " + status,
                    0,
                    "RFC 5438 11.1.7");
        }
    }

    /// Reads a document of type `message/imdn+xml`.
    public static Imdn parse(Octets xml, Limits limits) {
        return ImdnXml.read(xml, limits);
    }

    /// Judges octets as such a document; throws what is wrong with them.
    public static void check(Octets xml, Limits limits) {
        parse(xml, limits);
    }

    /// The document.
    public Octets toOctets() {
        return ImdnXml.write(this);
    }

    /// The document as content of a CPIM message or part of an aggregated one (RFC 5438 7.2.1.1).
    public MimeEntity toEntity() {
        return MimeEntity.builder()
                .contentType(MediaType.IMDN)
                .disposition(ContentDisposition.NOTIFICATION)
                .body(toOctets())
                .build();
    }
}
