package org.fanfare.admin;

import org.fanfare.wire.Octets;

import java.util.Map;

/// @param headers beyond those that every response has
record HttpResponse(int status, String contentType, Octets body, Map<String, String> headers) {

    static final String JSON = "application/json";

    static HttpResponse json(int status, Octets body) {
        return new HttpResponse(status, JSON, body, Map.of());
    }

    HttpResponse withHeader(String name, String value) {
        return new HttpResponse(status, contentType, body, Map.of(name, value));
    }
}
