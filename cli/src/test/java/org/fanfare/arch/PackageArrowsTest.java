package org.fanfare.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Arrows between packages point downward only. A package may use those it names below and whatever
/// those may use in turn. A new package, or a new arrow, is added here on purpose.
class PackageArrowsTest {

    private static final String ROOT = "org.fanfare.";

    /// From the bottom up: a package names only packages above its own line, so there is no cycle.
    private static final Map<String, Set<String>> ARROWS = new LinkedHashMap<>();

    static {
        arrow("wire");
        arrow("uri", "wire");
        arrow("sip", "uri", "wire");
        arrow("sip.digest", "sip");
        arrow("sip.transport", "sip");
        arrow("sip.transaction", "sip.transport", "sip");
        arrow("sip.dialog", "sip.transaction");
        arrow("sdp", "uri", "wire");
        arrow("xml", "wire");
        arrow("mime", "wire");
        arrow("cpim", "mime", "uri", "wire");
        arrow("imdn", "cpim", "mime", "uri", "wire", "xml");
        arrow("resourcelists", "uri", "wire", "xml");
        arrow("reginfo", "uri", "wire", "xml");
        arrow("cpm", "sip", "uri", "wire");
        arrow("msrp", "sip.transport", "uri", "wire");

        var protocol = ARROWS.keySet().toArray(String[]::new);
        arrow("client", protocol);
        arrow("ledger", protocol);
        arrow("spool", "ledger");
        arrow("core", protocol);
        arrow("interworking", "ledger");
        arrow("admin", "ledger");
        arrow("pf.fanout", "ledger", "spool", "interworking");
        arrow("pf", "ledger", "spool", "pf.fanout");
        arrow("store", "pf");
        arrow("xdm", "pf");
        arrow("registrations", "pf");
        arrow(
                "server",
                "ledger",
                "spool",
                "core",
                "interworking",
                "admin",
                "pf",
                "pf.fanout",
                "store",
                "xdm",
                "registrations");
        arrow("cli.lint", protocol);
        arrow("cli.bench", "server");
        arrow("cli.conformance", protocol);
        arrow("cli.mailstore");
        arrow(
                "cli",
                "client",
                "server",
                "cli.lint",
                "cli.bench",
                "cli.conformance",
                "cli.mailstore");
    }

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("test-classes"))
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("org.fanfare");

    /// Names that say nothing about what is inside.
    private static final Set<String> EMPTY_NAMES =
            Set.of("impl", "util", "utils", "common", "helper", "helpers", "manager");

    @Test
    void everyPackageHasItsPlace() {
        assertThat(packages()).isSubsetOf(ARROWS.keySet());
    }

    @Test
    void arrowsPointDownwardOnly() {
        var wrong =
                CLASSES.stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency -> !isAllowed(dependency))
                        .map(PackageArrowsTest::describe)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(wrong).isEmpty();
    }

    @Test
    void noPackageHasANameThatSaysNothing() {
        assertThat(packages())
                .flatMap(name -> List.of(name.split("\\.")))
                .doesNotContainAnyElementsOf(EMPTY_NAMES);
    }

    private static void arrow(String from, String... to) {
        var reached = new TreeSet<String>();
        for (var target : to) {
            reached.add(target);
            reached.addAll(ARROWS.get(target));
        }
        ARROWS.put(from, reached);
    }

    private static Set<String> packages() {
        return CLASSES.stream().map(PackageArrowsTest::nameOfPackage).collect(Collectors.toSet());
    }

    private static boolean isAllowed(Dependency dependency) {
        var target = dependency.getTargetClass().getBaseComponentType();
        if (!target.getPackageName().startsWith(ROOT)) {
            return true;
        }
        var from = nameOfPackage(dependency.getOriginClass());
        var to = nameOfPackage(target);
        return from.equals(to) || ARROWS.getOrDefault(from, Set.of()).contains(to);
    }

    private static String describe(Dependency dependency) {
        return nameOfPackage(dependency.getOriginClass())
                + " -> "
                + nameOfPackage(dependency.getTargetClass().getBaseComponentType())
                + " in "
                + dependency.getOriginClass().getSimpleName();
    }

    private static String nameOfPackage(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }
}
