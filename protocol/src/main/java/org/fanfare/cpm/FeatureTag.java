package org.fanfare.cpm;

import org.fanfare.uri.Parameters;
import org.fanfare.uri.QuotedText;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A media feature tag with its value, as it stands in Contact and Accept-Contact (RFC 3840 9).
///
/// @param name in lower case, without the plus that the wire has in front of it
/// @param value without quotes; empty for a tag that is just there
public record FeatureTag(String name, String value) {

    /// Holds the service identifiers, percent-encoded (reading 15).
    public static final String ICSI_REF = "g.3gpp.icsi-ref";

    /// Names one device (RFC 5626 4.1).
    public static final String INSTANCE = "sip.instance";

    private static final int MAX_SERVICES = 64;

    /// The tags that have no plus on the wire.
    private static final Set<String> BASE_TAGS =
            Set.of(
                    "actor",
                    "application",
                    "audio",
                    "automata",
                    "class",
                    "control",
                    "data",
                    "description",
                    "duplex",
                    "events",
                    "extensions",
                    "isfocus",
                    "language",
                    "methods",
                    "mobility",
                    "priority",
                    "schemes",
                    "text",
                    "type",
                    "video");

    public FeatureTag {
        name = name.toLowerCase(Locale.ROOT);
        if (name.startsWith("+")) {
            name = name.substring(1);
        }
    }

    /// The tag of one service, or of any of several.
    public static FeatureTag of(ServiceId service) {
        return of(List.of(service));
    }

    public static FeatureTag of(Collection<ServiceId> services) {
        return new FeatureTag(
                ICSI_REF,
                services.stream().map(FeatureTag::encoded).collect(Collectors.joining(",")));
    }

    private static String encoded(ServiceId service) {
        return service.urn().replace(":", "%3A");
    }

    /// The tag of a device, from its URN without brackets.
    public static FeatureTag ofInstance(String urn) {
        return new FeatureTag(INSTANCE, "<" + urn + ">");
    }

    /// All parameters of a Contact value; which of them are no tags is for who looks for one.
    public static List<FeatureTag> of(Parameters parameters) {
        return parameters.list().stream()
                .map(parameter -> new FeatureTag(parameter.name(), parameter.value()))
                .toList();
    }

    /// The services that any of the tags names; a comma means "any of these".
    public static Set<ServiceId> services(Collection<FeatureTag> tags) {
        var services = EnumSet.noneOf(ServiceId.class);
        for (var tag : tags) {
            services.addAll(tag.services());
        }
        return Collections.unmodifiableSet(services);
    }

    /// The services that this tag names, none if it is another tag. Escapes are undone once, case
    /// does not matter.
    public Set<ServiceId> services() {
        var services = EnumSet.noneOf(ServiceId.class);
        if (name.equals(ICSI_REF)) {
            for (var item : value.split(",", MAX_SERVICES)) {
                ServiceId.ofUrn(percentDecoded(item.strip())).ifPresent(services::add);
            }
        }
        return Collections.unmodifiableSet(services);
    }

    /// The same tag with others in the places of its services; what names none of CPM stays.
    public FeatureTag withServices(UnaryOperator<ServiceId> change) {
        return name.equals(ICSI_REF)
                ? new FeatureTag(
                        name,
                        Arrays.stream(value.split(",", MAX_SERVICES))
                                .map(String::strip)
                                .map(item ->
                                        ServiceId.ofUrn(percentDecoded(item))
                                                .map(service -> encoded(change.apply(service)))
                                                .orElse(item))
                                .distinct()
                                .collect(Collectors.joining(",")))
                : this;
    }

    public boolean isInstance() {
        return name.equals(INSTANCE);
    }

    private static String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var in = text.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low < 0) {
                in[length++] = in[i];
            } else {
                in[length++] = (byte) (high << 4 | low);
                i += 2;
            }
        }
        return new String(in, 0, length, StandardCharsets.UTF_8);
    }

    /// As it is written: with its plus, unless it is one of RFC 3840 itself, and the value in
    /// quotes (reading 16).
    @Override
    public String toString() {
        var written = BASE_TAGS.contains(name) ? name : "+" + name;
        return value.isEmpty() ? written : written + "=" + QuotedText.quote(value);
    }
}
