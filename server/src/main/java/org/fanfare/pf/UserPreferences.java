package org.fanfare.pf;

/// What a user has written into the XML document management server (8.4.1). Never throws, and
/// answers within a few seconds: what cannot be had is as if it did not exist.
public interface UserPreferences {

    /// Whether there is a rule for CPM that allows offline storage (8.2.1.1/6).
    boolean recordsHistory(String user);
}
