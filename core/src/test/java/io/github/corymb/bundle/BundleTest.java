package io.github.corymb.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {

    private static final Instant CREATED = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void write() throws IOException {
        target = folder.resolve("bundle");
        try (BundleWriter writer = BundleWriter.create(target)) {
            AtomicFiles.write(writer.file(BundleLayout.EXPERIMENT), "name: least\n");
            AtomicFiles.write(writer.file(BundleLayout.SCHEMA), "{}");
            new SafetensorsWriter()
                    .add("w", FloatBuffer.wrap(new float[] {1, 2}), 2)
                    .write(writer.file(BundleLayout.DENSE));
            AtomicFiles.write(writer.file("tables/movie_id.rows"), new byte[] {1, 2, 3, 4});
            writer.commit("0.1.0", CREATED);
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        BundleReader bundle = BundleReader.open(target);
        assertEquals("name: least\n", bundle.text(BundleLayout.EXPERIMENT));
        assertEquals(FloatBuffer.wrap(new float[] {1, 2}), bundle.dense().floats("w"));
        assertEquals("0.1.0", bundle.manifest().corymb());
        assertEquals(CREATED, bundle.manifest().created());
        assertEquals(
                List.of("dense.safetensors", "experiment.yaml", "schema.json", "tables/movie_id.rows"),
                List.copyOf(bundle.manifest().files().keySet()));
        assertEquals(
                "9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a", // of the bytes 1 2 3 4
                bundle.manifest().files().get("tables/movie_id.rows").sha256());
        assertEquals(
                "29308cf4",
                bundle.manifest().files().get("tables/movie_id.rows").crc32c());
    }

    @Test
    void nothingIsLeftBesideABundle() throws IOException {
        assertEquals(List.of(target), entries(folder));
    }

    @Test
    void aWriterThatIsClosedBeforeItCommitsLeavesNothing() throws IOException {
        Path other = folder.resolve("other");
        try (BundleWriter writer = BundleWriter.create(other)) {
            AtomicFiles.write(writer.file("schema.json"), "{}");
        }
        assertEquals(List.of(target), entries(folder));
    }

    @Test
    void whatStandsAtTheTargetIsNotReplacedUnlessItIsAnEmptyFolder() throws IOException {
        String message = assertThrows(InputException.class, () -> BundleWriter.create(target))
                .getMessage();
        assertEquals(target + ": expected no file or an empty folder, found something there", message);
        Path empty = Files.createDirectory(folder.resolve("empty"));
        try (BundleWriter writer = BundleWriter.create(empty)) {
            writer.commit("0.1.0", CREATED);
        }
        assertTrue(BundleReader.open(empty).manifest().files().isEmpty());
    }

    @Test
    void aTargetTakenInTheMeantimeIsNotReplaced() throws IOException {
        Path other = folder.resolve("other");
        try (BundleWriter writer = BundleWriter.create(other)) {
            Files.writeString(other, "mine");
            assertThrows(InputException.class, () -> writer.commit("0.1.0", CREATED));
        }
        assertEquals("mine", Files.readString(other));
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(target.resolve("dense.safetensors"));
        assertRefused("dense.safetensors: missing");
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        Files.write(target.resolve("tables/movie_id.rows"), new byte[] {1, 2});
        assertRefused("tables/movie_id.rows: expected 4 bytes, found 2");
    }

    @Test
    void anAlteredFileIsNamed() throws IOException {
        Files.write(target.resolve("tables/movie_id.rows"), new byte[] {1, 2, 3, 5});
        assertTrue(
                refusal().startsWith("bundle " + target + ": tables/movie_id.rows: altered: expected sha256 9f64a747"));
    }

    @Test
    void theDigestOfATableIsLeftOutWhereThatWasAskedFor() throws IOException {
        Files.write(target.resolve("tables/movie_id.rows"), new byte[] {1, 2, 3, 5});
        BundleReader.open(target, BundleReader.Verification.ALL_BUT_TABLES);
        Files.writeString(target.resolve("schema.json"), "[]");
        assertThrows(InputException.class, () -> BundleReader.open(target, BundleReader.Verification.ALL_BUT_TABLES));
    }

    @Test
    void aTableIsVerifiedByItsChecksumWhereThatWasAskedFor() throws IOException {
        BundleReader.open(target, BundleReader.Verification.TABLES_BY_CRC32C);
        Files.write(target.resolve("tables/movie_id.rows"), new byte[] {1, 2, 3, 5});
        assertRefusedByChecksum("tables/movie_id.rows: altered: expected crc32c 29308cf4, found ");
        editManifest("\"29308cf4\"", "\"29308CF4\"");
        assertRefusedByChecksum("manifest.json: crc32c: expected 8 hexadecimal digits, found '29308CF4'");
        Path manifest = target.resolve("manifest.json"); // as before there were checksums
        Files.writeString(manifest, Files.readString(manifest).replaceAll(",\\s*\"crc32c\" : \"\\w+\"", ""));
        assertRefusedByChecksum("tables/movie_id.rows: altered: expected sha256 9f64a747");
        Files.write(target.resolve("tables/movie_id.rows"), new byte[] {1, 2, 3, 4});
        BundleReader.open(target, BundleReader.Verification.TABLES_BY_CRC32C);
        Files.writeString(target.resolve("schema.json"), "[]");
        assertRefusedByChecksum("schema.json: altered: expected sha256");
    }

    private void assertRefusedByChecksum(String start) {
        String message = assertThrows(
                        InputException.class,
                        () -> BundleReader.open(target, BundleReader.Verification.TABLES_BY_CRC32C))
                .getMessage();
        assertTrue(message.startsWith("bundle " + target + ": " + start), message);
    }

    @Test
    void aForeignFileIsNamed() throws IOException {
        Files.writeString(target.resolve("tables/virus.so"), "");
        assertRefused("tables/virus.so: not listed in manifest.json");
    }

    @Test
    void aLinkIsRefusedEvenToTheSameBytes() throws IOException {
        Path moved = Files.move(target.resolve("schema.json"), folder.resolve("schema.json"));
        Files.createSymbolicLink(target.resolve("schema.json"), moved);
        assertRefused("schema.json: expected a file, found a link");
    }

    @Test
    void aLinkedFolderIsRefused() throws IOException {
        Path moved = Files.move(target.resolve("tables"), folder.resolve("tables"));
        Files.createSymbolicLink(target.resolve("tables"), moved);
        assertRefused("tables: expected a file, found a link");
    }

    @Test
    void aBundleMayItselfBeReachedByALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("current"), target);
        assertEquals(target.toRealPath(), BundleReader.open(link).folder());
    }

    @Test
    void aBundleOfAnotherFormatVersionSaysWhoWroteIt() throws IOException {
        editManifest("\"format_version\" : 1", "\"format_version\" : 2, \"new\" : true");
        editManifest("0.1.0", "0.9.0");
        assertRefused("expected format version 1, found 2 (written by Corymb 0.9.0)");
    }

    @Test
    void aFolderOfAnotherFormatIsRefused() throws IOException {
        editManifest("corymb-bundle", "other");
        assertRefused("manifest.json: expected format 'corymb-bundle', found \"other\"");
        Files.writeString(target.resolve("manifest.json"), "{");
        assertTrue(refusal().startsWith("bundle " + target + ": manifest.json: Unexpected end-of-input"));
        Files.delete(target.resolve("manifest.json"));
        assertRefused("no manifest.json in it");
        AtomicFiles.deleteTree(target);
        assertRefused("no such folder");
        assertFalse(Files.exists(target));
    }

    @Test
    void aManifestCannotNameAPathOutsideTheBundle() throws IOException {
        Files.writeString(folder.resolve("secret"), "{}");
        editManifest("\"schema.json\"", "\"../secret\"");
        assertRefused("manifest.json: files: '../secret' is not a path inside a bundle");
        for (String path :
                List.of("/a", "a//b", "a/../b", "./a", "a/", "", "a\\b", ".a", "manifest.json", "a/.b", "a\n")) {
            assertFalse(BundleLayout.mayHold(path), path);
        }
    }

    @Test
    void aManifestWithOtherKeysOrValuesIsRefused() throws IOException {
        editManifest("\"created\"", "\"crated\"");
        assertRefused("manifest.json: unknown key 'crated'");
        editManifest("\"crated\"", "\"corymb\"");
        assertTrue(refusal().contains("manifest.json: Duplicate field 'corymb'"));
    }

    private void editManifest(String from, String to) throws IOException {
        Path file = target.resolve("manifest.json");
        String text = Files.readString(file);
        assertTrue(text.contains(from));
        Files.writeString(file, text.replace(from, to));
    }

    private void assertRefused(String expected) {
        assertEquals("bundle " + target + ": " + expected, refusal());
    }

    private String refusal() {
        return assertThrows(InputException.class, () -> BundleReader.open(target))
                .getMessage();
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
