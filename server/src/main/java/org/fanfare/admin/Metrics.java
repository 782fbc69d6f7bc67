package org.fanfare.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Figures as Prometheus reads them. The parts of the server count for themselves and know nothing
/// of this; here their counts get names. Nothing is set up before the first request for the text.
public final class Metrics implements AutoCloseable {

    /// No family gets more label values than this; further ones count as `other` (reliability C2).
    private static final int MAX_LABELS = 64;

    private static final String OTHER = "other";

    private final List<Family> families = new ArrayList<>();
    private @Nullable PrometheusMeterRegistry registry;

    private enum Kind {
        COUNTER,
        GAUGE
    }

    /// @param label the name of the label, "" for a figure without one
    /// @param values by label value
    private record Family(
            Kind kind,
            String name,
            String help,
            String label,
            Supplier<Map<String, ? extends Number>> values,
            Map<String, Number> latest,
            Set<String> registered) {}

    /// Something that only grows.
    public void counter(String name, String help, Supplier<? extends Number> value) {
        add(Kind.COUNTER, name, help, "", () -> Map.of("", value.get()));
    }

    /// Something that only grows, by kind.
    public void counters(
            String name,
            String help,
            String label,
            Supplier<Map<String, ? extends Number>> values) {
        add(Kind.COUNTER, name, help, label, values);
    }

    public void gauge(String name, String help, Supplier<? extends Number> value) {
        add(Kind.GAUGE, name, help, "", () -> Map.of("", value.get()));
    }

    public void gauges(
            String name,
            String help,
            String label,
            Supplier<Map<String, ? extends Number>> values) {
        add(Kind.GAUGE, name, help, label, values);
    }

    private synchronized void add(
            Kind kind,
            String name,
            String help,
            String label,
            Supplier<Map<String, ? extends Number>> values) {
        families.add(new Family(kind, name, help, label, values, new HashMap<>(), new HashSet<>()));
    }

    synchronized String text() {
        var meters = registry;
        if (meters == null) {
            meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            registry = meters;
            bindProcess(meters);
        }
        for (var family : families) {
            update(family, meters);
        }
        return meters.scrape();
    }

    private static void bindProcess(PrometheusMeterRegistry meters) {
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
    }

    private static void update(Family family, PrometheusMeterRegistry meters) {
        var latest = family.latest();
        latest.replaceAll((_, _) -> 0);
        family.values()
                .get()
                .forEach((label, value) ->
                        latest.merge(labelWithin(family, label), value, Metrics::sum));
        for (var label : latest.keySet()) {
            if (family.registered().add(label)) {
                register(family, label, meters);
            }
        }
    }

    private static Number sum(Number a, Number b) {
        return a.doubleValue() + b.doubleValue();
    }

    private static String labelWithin(Family family, String label) {
        var isNew = !family.latest().containsKey(label);
        return isNew && family.latest().size() >= MAX_LABELS ? OTHER : label;
    }

    private static void register(Family family, String label, PrometheusMeterRegistry meters) {
        var latest = family.latest();
        var tags = family.label().isEmpty() ? new String[0] : new String[] {family.label(), label};
        switch (family.kind()) {
            case COUNTER ->
                    FunctionCounter.builder(family.name(), latest, map -> valueOf(map, label))
                            .description(family.help())
                            .tags(tags)
                            .register(meters);
            case GAUGE ->
                    Gauge.builder(family.name(), latest, map -> valueOf(map, label))
                            .description(family.help())
                            .tags(tags)
                            .strongReference(true)
                            .register(meters);
        }
    }

    private static double valueOf(Map<String, Number> map, String label) {
        var value = map.get(label);
        return value == null ? 0 : value.doubleValue();
    }

    @Override
    public synchronized void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
