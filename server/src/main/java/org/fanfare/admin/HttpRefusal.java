package org.fanfare.admin;

/// The request is not served; the reason goes to the client.
final class HttpRefusal extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    HttpRefusal(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
