package org.fanfare.sip.transaction;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Flow;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The client transactions that are open, found by the branch of a response without reading more of
/// it (RFC 3261 17.1.3).
final class ClientTransactions {

    private final Map<Octets, ClientTransaction> byBranch = new ConcurrentHashMap<>();

    /// A CANCEL has the branch of its INVITE.
    private final Map<Octets, ClientTransaction> cancels = new ConcurrentHashMap<>();

    /// What is lost with a connection.
    private final Map<Flow, Set<ClientTransaction>> byConnection = new ConcurrentHashMap<>();

    /// @throws IllegalArgumentException when the branch is in use: it must be unique (RFC 3261
    ///   8.1.1.7)
    void add(ClientTransaction transaction) {
        if (tableOf(transaction).putIfAbsent(transaction.key(), transaction) != null) {
            throw new IllegalArgumentException("branch in use: " + transaction.branch());
        }
    }

    private Map<Octets, ClientTransaction> tableOf(ClientTransaction transaction) {
        return transaction.method().equals(Method.CANCEL) ? cancels : byBranch;
    }

    void bind(ClientTransaction transaction, Flow flow) {
        if (flow.protocol().isReliable()) {
            byConnection.computeIfAbsent(flow, _ -> ConcurrentHashMap.newKeySet()).add(transaction);
        }
    }

    void remove(ClientTransaction transaction, @Nullable Flow flow) {
        tableOf(transaction).remove(transaction.key(), transaction);
        if (flow != null && flow.protocol().isReliable()) {
            var onIt = byConnection.get(flow);
            if (onIt != null) {
                onIt.remove(transaction);
            }
        }
    }

    /// The transaction that the response is for, or null: no such branch, another method, another
    /// number of Via values than the request had, or from where the request did not go (M17).
    @Nullable ClientTransaction match(SipResponse response, Flow from) {
        var branch = response.topBranch();
        var method = response.cseqMethod();
        var transaction = (method.equals(Method.CANCEL) ? cancels : byBranch).get(branch);
        return transaction != null
                        && transaction.method().equals(method)
                        && isFromThere(transaction.flow(), from)
                        && transaction.hasVias(response.viaCount())
                ? transaction
                : null;
    }

    /// From that address; a server may answer from another port, or over a connection of its own.
    private static boolean isFromThere(@Nullable Flow sentTo, Flow from) {
        return sentTo != null
                && (sentTo.equals(from) || isSameHost(sentTo.remote(), from.remote()));
    }

    private static boolean isSameHost(InetSocketAddress one, InetSocketAddress other) {
        return one.getAddress().equals(other.getAddress());
    }

    /// All that was sent over a connection that has ended, and has no final response yet.
    void connectionEnded(Flow flow) {
        var lost = byConnection.remove(flow);
        if (lost != null) {
            var cause = new IOException(flow + " was closed before the answer came");
            List.copyOf(lost).forEach(transaction -> transaction.transportFailed(cause));
        }
    }

    int size() {
        return byBranch.size() + cancels.size();
    }
}
