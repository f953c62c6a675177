package io.github.corymb.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of Corymb, as the build wrote it down.
public final class Version {

    private Version() {}

    public static String current() {
        try (InputStream stream = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
