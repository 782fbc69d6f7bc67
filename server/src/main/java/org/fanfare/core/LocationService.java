package org.fanfare.core;

import org.fanfare.sip.transport.Flow;
import org.fanfare.uri.Uri;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who is where: the bindings of every address-of-record (RFC 3261 10.3). Kept in memory;
/// [BindingsFile] remembers them from one start to the next.
final class LocationService {

    private final Map<AddressOfRecord, List<Binding>> bindings = new ConcurrentHashMap<>();
    private final Map<Flow, Set<AddressOfRecord>> users = new ConcurrentHashMap<>();
    private final List<Consumer<AddressOfRecord>> listeners = new CopyOnWriteArrayList<>();

    /// Is called after each change, with whose bindings have changed; must not block.
    void onChange(Consumer<AddressOfRecord> listener) {
        listeners.add(listener);
    }

    /// Adds a binding of the time before this start, unless the user has registered since.
    synchronized void restore(AddressOfRecord user, Binding binding) {
        var known = bindings.getOrDefault(user, List.of());
        if (known.stream().noneMatch(other -> other.isOf(binding.contact().uri()))) {
            bindings.put(user, Stream.concat(known.stream(), Stream.of(binding)).toList());
            users.computeIfAbsent(binding.flow(), _ -> ConcurrentHashMap.newKeySet()).add(user);
        }
    }

    /// Every binding, in force or not.
    void forEach(BiConsumer<AddressOfRecord, Binding> action) {
        bindings.forEach((user, all) -> all.forEach(binding -> action.accept(user, binding)));
    }

    /// The bindings in force, the most preferred first.
    List<Binding> active(AddressOfRecord user, Instant now) {
        return active(bindings.getOrDefault(user, List.of()), now);
    }

    /// Whether this user has ever registered.
    boolean knows(AddressOfRecord user) {
        return bindings.containsKey(user);
    }

    /// How many users have ever registered.
    int size() {
        return bindings.size();
    }

    /// Whether this user has a binding in force that was registered over this flow.
    boolean isOver(AddressOfRecord user, Flow flow, Instant now) {
        return active(user, now).stream().anyMatch(binding -> binding.flow().equals(flow));
    }

    /// The users with a binding in force that was registered over this flow.
    Set<AddressOfRecord> over(Flow flow, Instant now) {
        return users.getOrDefault(flow, Set.of()).stream()
                .filter(user -> isOver(user, flow, now))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The binding in force with this contact, whosever it is: requests within a dialog are
    /// addressed to contacts.
    Optional<Binding> withContact(Uri contact, Instant now) {
        return bindings.values().stream()
                .flatMap(List::stream)
                .filter(binding -> binding.isActive(now) && binding.isOf(contact))
                .findFirst();
    }

    /// From the bindings in force to the new ones.
    interface Update {
        List<Binding> apply(List<Binding> inForce) throws Refused;
    }

    /// Changes one user's bindings, with no other change in between. What it throws leaves them as
    /// they were: all or nothing (RFC 3261 10.3 step 7).
    synchronized List<Binding> update(AddressOfRecord user, Instant now, Update update)
            throws Refused {
        var before = bindings.getOrDefault(user, List.of());
        var after = active(update.apply(active(before, now)), now);
        bindings.put(user, after);
        before.forEach(binding -> forget(binding.flow(), user));
        for (var binding : after) {
            users.computeIfAbsent(binding.flow(), _ -> ConcurrentHashMap.newKeySet()).add(user);
        }
        listeners.forEach(listener -> listener.accept(user));
        return after;
    }

    private void forget(Flow flow, AddressOfRecord user) {
        users.computeIfPresent(
                flow,
                (_, known) -> {
                    known.remove(user);
                    return known.isEmpty() ? null : known;
                });
    }

    /// A connection has ended: nobody can be reached over it, nor be known by it, any more.
    void closed(Flow flow) {
        users.remove(flow);
    }

    private static List<Binding> active(List<Binding> all, Instant now) {
        return all.stream()
                .filter(binding -> binding.isActive(now))
                .sorted(Comparator.comparingInt(Binding::preference).reversed())
                .toList();
    }
}
