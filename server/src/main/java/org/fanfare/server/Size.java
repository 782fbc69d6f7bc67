package org.fanfare.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A number of octets: may be written with KiB, MiB or GiB.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Size {

    /// The smallest number that means something.
    long least() default 1;
}
