package org.fanfare.wire;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// How much the parsers take. Every one has a name, a default and a test at, below and above it.
///
/// @param headOctets start line and header fields of a SIP message; more: 513
/// @param messageOctets a whole SIP message on a stream; more: 513
/// @param lineOctets one header field with its folds; more: 400
/// @param headerFields header fields of a SIP message; more: 400
/// @param fieldValues values of one header field, over all its lines; more: 400
/// @param vias Via values, which [#fieldValues] does not count; more: 400
/// @param uriOctets a URI; more: 414 as Request-URI, 400 elsewhere
/// @param uriParameters parameters of a URI or a header field value; more: 400
/// @param listOctets a resource-lists document; more: 413
/// @param listDepth nested lists; more: 400
/// @param listEntries entries before duplicates are taken out; more: 486 with warning 102
/// @param multipartParts parts of one multipart body; more: 400
/// @param multipartDepth multipart bodies in one another; more: 400
/// @param boundaryOctets a multipart boundary; more: 400 (RFC 2046 5.1.1)
/// @param partHeaderFields header fields of one body part; more: 400
/// @param cpimHeaderFields header fields of a CPIM message; more: 400
/// @param cpimHeadOctets the header blocks of a CPIM message; more: 400
/// @param cpimDepth CPIM messages in one another that are looked at
/// @param sdpOctets a session description; more: 488
/// @param sdpLines lines of one; more: 488
/// @param sdpPathUris MSRP URIs in its path; more: 488
/// @param decodedOctets content after a transfer or content encoding is undone; more: 413
/// @param decodedRatio how many times larger content may become in decoding; more: 413
public record Limits(
        int headOctets,
        int messageOctets,
        int lineOctets,
        int headerFields,
        int fieldValues,
        int vias,
        int uriOctets,
        int uriParameters,
        int listOctets,
        int listDepth,
        int listEntries,
        int multipartParts,
        int multipartDepth,
        int boundaryOctets,
        int partHeaderFields,
        int cpimHeaderFields,
        int cpimHeadOctets,
        int cpimDepth,
        int sdpOctets,
        int sdpLines,
        int sdpPathUris,
        int decodedOctets,
        int decodedRatio) {

    private static final int KI = 1024;

    /// No limit may be larger.
    public static final int MAX = 1 << 30;

    public static final Limits DEFAULT =
            new Limits(
                    32 * KI, 1024 * KI, 8 * KI, 256, 64, 70, 2 * KI, 32, 256 * KI, 8, 1000, 32, 5,
                    70, 64, 64, 16 * KI, 3, 64 * KI, 512, 10, 1024 * KI, 100);

    /// For what comes from ourselves.
    public static final Limits NONE = unlimited();

    private static Limits unlimited() {
        var limits = DEFAULT;
        for (var name : names()) {
            limits = limits.with(name, MAX);
        }
        return limits;
    }

    /// The names of all limits, in order.
    public static List<String> names() {
        return components().map(RecordComponent::getName).toList();
    }

    /// A copy with another value of the named limit.
    ///
    /// @throws IllegalArgumentException when there is no such limit, or the value is not from 1 to
    ///   [#MAX]
    public Limits with(String name, int value) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException("limit " + name + ": not one of " + names());
        }
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException(
                    "limit " + name + ": must be from 1 to " + MAX + ": " + value);
        }
        try {
            var types = components().map(RecordComponent::getType).toArray(Class<?>[]::new);
            var values = components().map(c -> c.getName().equals(name) ? value : valueOf(c));
            return Limits.class.getDeclaredConstructor(types).newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<RecordComponent> components() {
        return Arrays.stream(Limits.class.getRecordComponents());
    }

    private Object valueOf(RecordComponent component) {
        try {
            return component.getAccessor().invoke(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    public Limits withHeadOctets(int value) {
        return with("headOctets", value);
    }

    public Limits withMessageOctets(int value) {
        return with("messageOctets", value);
    }

    public Limits withLineOctets(int value) {
        return with("lineOctets", value);
    }

    public Limits withHeaderFields(int value) {
        return with("headerFields", value);
    }

    public Limits withFieldValues(int value) {
        return with("fieldValues", value);
    }

    public Limits withVias(int value) {
        return with("vias", value);
    }

    public Limits withUriOctets(int value) {
        return with("uriOctets", value);
    }

    public Limits withUriParameters(int value) {
        return with("uriParameters", value);
    }

    public Limits withListOctets(int value) {
        return with("listOctets", value);
    }

    public Limits withListDepth(int value) {
        return with("listDepth", value);
    }

    public Limits withListEntries(int value) {
        return with("listEntries", value);
    }

    public Limits withMultipartParts(int value) {
        return with("multipartParts", value);
    }

    public Limits withMultipartDepth(int value) {
        return with("multipartDepth", value);
    }

    public Limits withBoundaryOctets(int value) {
        return with("boundaryOctets", value);
    }

    public Limits withPartHeaderFields(int value) {
        return with("partHeaderFields", value);
    }

    public Limits withCpimHeaderFields(int value) {
        return with("cpimHeaderFields", value);
    }

    public Limits withCpimHeadOctets(int value) {
        return with("cpimHeadOctets", value);
    }

    public Limits withCpimDepth(int value) {
        return with("cpimDepth", value);
    }

    public Limits withSdpOctets(int value) {
        return with("sdpOctets", value);
    }

    public Limits withSdpLines(int value) {
        return with("sdpLines", value);
    }

    public Limits withSdpPathUris(int value) {
        return with("sdpPathUris", value);
    }

    public Limits withDecodedOctets(int value) {
        return with("decodedOctets", value);
    }

    public Limits withDecodedRatio(int value) {
        return with("decodedRatio", value);
    }
}
