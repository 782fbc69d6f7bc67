package org.fanfare.server;

import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Makes records of the effective tree, in which every key is present. What may be null is null in
/// the defaults.
final class ConfigurationReader {

    private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");

    private final Node.Mapping defaults = ConfigurationFile.defaultValues();

    Configuration read(Node.Mapping effective) {
        return record(Configuration.class, effective, "", defaults);
    }

    /// `pagerLimit` is written `pager-limit`.
    static String keyOf(RecordComponent component) {
        return UPPER_CASE
                .matcher(component.getName())
                .replaceAll(match -> "-" + Character.toLowerCase(match.group().charAt(0)));
    }

    private <T extends Record> T record(
            Class<T> type, Node.Mapping section, String path, Node.Mapping defaults) {
        var components = type.getRecordComponents();
        var values = new @Nullable Object[components.length];
        for (var i = 0; i < components.length; i++) {
            values[i] = component(components[i], section, path, defaults);
        }
        return instance(type, components, values);
    }

    private @Nullable Object component(
            RecordComponent component, Node.Mapping section, String path, Node.Mapping defaults) {
        if (component.getDeclaringRecord() == Configuration.LimitSettings.class) {
            return record(recordType(component.getType()), section, path, defaults);
        }
        var name = keyOf(component);
        var key = Keys.join(path, name);
        var value = section.values().get(name);
        var byDefault = defaults.values().get(name);
        if (value == null || byDefault == null) {
            throw new IllegalStateException("fanfare.yaml has no " + key);
        }
        if (value instanceof Node.Mapping mapping && byDefault instanceof Node.Mapping section2) {
            return record(recordType(component.getType()), mapping, key, section2);
        }
        var mayBeNull = isNull(byDefault) || component.isAnnotationPresent(NullIsOff.class);
        return isNull(value) && mayBeNull ? null : value(component, value, key);
    }

    private static Object value(RecordComponent component, Node value, String key) {
        try {
            if (component.isAnnotationPresent(org.fanfare.server.Pattern.class)) {
                return Values.patterns(value);
            }
            return component.getType() == List.class
                    ? list(component, value, key)
                    : Values.of(component.getType(), value, isSize(component), least(component));
        } catch (IllegalArgumentException | MalformedMessage e) {
            throw fault(value, key, e);
        }
    }

    private static ConfigurationException fault(Node value, String key, RuntimeException e) {
        return new ConfigurationException(value.place(), key, String.valueOf(e.getMessage()), key);
    }

    /// An item that makes no sense is looked for where it stands itself.
    private static List<?> list(RecordComponent component, Node value, String key) {
        var type = (ParameterizedType) component.getGenericType();
        var itemType = (Class<?>) type.getActualTypeArguments()[0];
        var items = new ArrayList<Object>();
        for (var item : Values.items(value)) {
            try {
                items.add(Values.of(itemType, item, false, 1));
            } catch (IllegalArgumentException | MalformedMessage e) {
                throw fault(item, key, e);
            }
        }
        return List.copyOf(items);
    }

    private static boolean isNull(Node node) {
        return node instanceof Node.Scalar scalar && scalar.isNull();
    }

    private static boolean isSize(RecordComponent component) {
        return component.isAnnotationPresent(Size.class) || component.getName().endsWith("Octets");
    }

    private static long least(RecordComponent component) {
        var size = component.getAnnotation(Size.class);
        return size == null ? 1 : size.least();
    }

    private static Class<? extends Record> recordType(Class<?> type) {
        return type.asSubclass(Record.class);
    }

    private static <T extends Record> T instance(
            Class<T> type, RecordComponent[] components, @Nullable Object[] values) {
        var types = Arrays.stream(components).map(RecordComponent::getType);
        try {
            return type.getDeclaredConstructor(types.toArray(Class<?>[]::new)).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("checked before", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
