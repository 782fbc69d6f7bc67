package org.fanfare.cli;

import org.fanfare.store.MailboxState;
import org.fanfare.wire.Sha256;
import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where `fanfare inbox` keeps up to where a mailbox is known, from one run to the next: a small
/// JSON file, replaced as a whole, readable by its owner alone.
final class StateFile {

    /// Octets.
    private static final int LARGEST = 16 << 20;

    private static final int VERSION = 1;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Path file;
    private final String mailbox;

    /// @param mailbox whose state it is: of which user in which store
    StateFile(Path file, String mailbox) {
        this.file = file.toAbsolutePath();
        this.mailbox = mailbox;
    }

    /// One for each mailbox, where the desktop's rules have it: below `$XDG_STATE_HOME`, or
    /// `~/.local/state`.
    static Path usual(Map<String, String> environment, String user, String mailbox) {
        var state = environment.getOrDefault("XDG_STATE_HOME", "");
        var home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        var folder = state.startsWith("/") ? Path.of(state) : Path.of(home, ".local", "state");
        var readable = user.replaceAll("[^A-Za-z0-9@._-]", "-");
        return folder.resolve("fanfare")
                .resolve(
                        "inbox-%s-%s.json"
                                .formatted(
                                        readable.substring(0, Math.min(60, readable.length())),
                                        Sha256.hex(mailbox.getBytes(StandardCharsets.UTF_8), 6)));
    }

    /// Nothing where there is none yet.
    @Nullable MailboxState load() throws CommandFailure {
        try {
            if (Files.size(file) > LARGEST) {
                throw bad("it is larger than " + LARGEST + " octets");
            }
            return parse(MAPPER.readTree(Files.readAllBytes(file)));
        } catch (NoSuchFileException _) {
            return null;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitStatus.CONFIGURATION, "state %s: cannot be read: %s".formatted(file, e));
        } catch (JacksonException | IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private MailboxState parse(JsonNode json) throws CommandFailure {
        var version = json.path("version");
        if (!version.isInt() || version.intValue() != VERSION || !json.path("folders").isObject()) {
            throw bad("expected version " + VERSION + " and folders");
        }
        if (!json.path("mailbox").asString("").equals(mailbox)) {
            throw new CommandFailure(
                    ExitStatus.CONFIGURATION,
                    "state %s is of another mailbox, %s; give a file of its own to this one"
                            .formatted(file, json.path("mailbox").asString("?")));
        }
        var folders = new HashMap<String, MailboxState.Folder>();
        for (var folder : json.path("folders").properties()) {
            folders.put(folder.getKey(), folder(folder.getKey(), folder.getValue()));
        }
        return new MailboxState(folders);
    }

    private static MailboxState.Folder folder(String name, JsonNode numbers) {
        if (!numbers.isArray()
                || numbers.size() != 4
                || !numbers.values().stream().allMatch(n -> n.isInt() || n.isLong())) {
            throw new IllegalArgumentException("expected four numbers for folder " + name);
        }
        return new MailboxState.Folder(
                numbers.get(0).longValue(),
                numbers.get(1).longValue(),
                numbers.get(2).longValue(),
                numbers.get(3).longValue());
    }

    private CommandFailure bad(String why) {
        return new CommandFailure(
                ExitStatus.CONFIGURATION,
                "state %s is not what fanfare inbox writes (%s); delete it to see everything again"
                        .formatted(file, why));
    }

    /// In one step: whoever reads it, or starts after a crash, finds the old one or the new one.
    void save(MailboxState state) throws CommandFailure {
        var folders = new HashMap<String, List<Long>>();
        state.folders()
                .forEach((name, folder) ->
                        folders.put(
                                name,
                                List.of(
                                        folder.validity(),
                                        folder.next(),
                                        folder.modified(),
                                        folder.count())));
        var octets =
                MAPPER.writeValueAsBytes(
                        Events.values("version", VERSION, "mailbox", mailbox, "folders", folders));
        try {
            var folder = file.getParent();
            Files.createDirectories(folder);
            var next = Files.createTempFile(folder, file.getFileName().toString(), ".new");
            try {
                Files.write(next, octets);
                Files.move(
                        next,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitStatus.CONFIGURATION, "state %s: cannot be written: %s".formatted(file, e));
        }
    }
}
