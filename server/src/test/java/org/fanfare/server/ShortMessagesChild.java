package org.fanfare.server;

import java.util.List;

/// A server in a process that can be killed. Prints where its core and its status are.
final class ShortMessagesChild {

    private ShortMessagesChild() {}

    /// Runs until it is ended.
    ///
    /// @param settings as on the command line of the server
    public static void main(String... settings) throws Exception {
        try (var server = new FanfareServer(Configuration.load(null, List.of(settings)))) {
            server.start();
            System.out.println(
                    "ready %s %s %d"
                            .formatted(
                                    server.coreListening().get(0),
                                    server.coreListening().get(1),
                                    server.adminAddress().orElseThrow().getPort()));
            System.in.read(); // until the test ends it
        }
    }
}
