package org.fanfare.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The rows of `docs/clauses.tsv` that a test checks.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Clause {

    /// Ids of rows, such as `8.2.1.1/8.A.ii.2`.
    String[] value();
}
