package org.fanfare.admin;

/// All that the rest of this package knows of an HTTP server; called on a virtual thread.
interface HttpHandler {

    HttpResponse handle(HttpRequest request);
}
