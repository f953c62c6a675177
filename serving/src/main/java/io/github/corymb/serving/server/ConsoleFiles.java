package io.github.corymb.serving.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.ServerCacheControl;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.file.HttpFile;

/// The web console: `/` is its page, `/console/` has its scripts and styles. They come with the classes, ask this
/// server alone, and a browser looks for newer ones each time.
final class ConsoleFiles {

    private static final String FOLDER = ConsoleFiles.class.getPackageName().replace('.', '/') + "/console";

    /// Nothing from elsewhere, no script or style within a page, no text that becomes markup.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'";

    private static final HttpHeaders HEADERS = HttpHeaders.builder()
            .add(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
            .add(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
            .add(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
            .build();

    private ConsoleFiles() {}

    static void serve(ServerBuilder server) {
        ClassLoader loader = ConsoleFiles.class.getClassLoader();
        HttpFile page = HttpFile.builder(loader, FOLDER + "/page.html")
                .setHeaders(HEADERS)
                .cacheControl(ServerCacheControl.REVALIDATED)
                .build();
        FileService files = FileService.builder(loader, FOLDER)
                .setHeaders(HEADERS)
                .cacheControl(ServerCacheControl.REVALIDATED)
                .build();
        server.service("/", page.asService()).serviceUnder("/console/", files);
    }
}
