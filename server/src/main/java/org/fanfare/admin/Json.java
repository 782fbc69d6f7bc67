package org.fanfare.admin;

import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.time.Instant;

/// Writes one JSON object. Control characters come out escaped whatever the values hold
/// (reliability C1).
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator out;

    private Json(JsonGenerator out) {
        this.out = out;
    }

    /// Something that writes its part of an object.
    interface Part {
        void writeTo(Json json);
    }

    static Octets object(Part content) {
        var octets = new ByteArrayOutputStream();
        try (var out =
                FACTORY.createGenerator(ObjectWriteContext.empty(), octets, JsonEncoding.UTF8)) {
            new Json(out).inObject(content);
        }
        return Octets.of(octets.toByteArray());
    }

    Json text(String name, @Nullable String value) {
        if (value == null) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, value);
        }
        return this;
    }

    Json time(String name, @Nullable Instant value) {
        return text(name, value == null ? null : value.toString());
    }

    Json number(String name, @Nullable Integer value) {
        if (value == null) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, (int) value);
        }
        return this;
    }

    Json object(String name, Part content) {
        out.writeName(name);
        return inObject(content);
    }

    /// A list with an object for each item.
    <T> Json list(String name, Iterable<T> items, ItemWriter<T> writer) {
        out.writeArrayPropertyStart(name);
        for (var item : items) {
            inObject(json -> writer.write(json, item));
        }
        out.writeEndArray();
        return this;
    }

    interface ItemWriter<T> {
        void write(Json json, T item);
    }

    private Json inObject(Part content) {
        out.writeStartObject();
        content.writeTo(this);
        out.writeEndObject();
        return this;
    }
}
