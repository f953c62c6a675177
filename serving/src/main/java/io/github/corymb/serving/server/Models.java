package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The models that are served: one bundle, or a folder `NAME/VERSION/` of bundles with `NAME/labels.json` beside them
/// (`{"stable": "3", "canary": "4"}`).
///
/// [#refresh()] takes up what changed on disk: a bundle is opened, verified and warmed before it can be asked; one that
/// is refused is told in the log, and what was served before is served on. One whose manifest is replaced is swapped,
/// one whose folder is gone is closed after its last request. Any number of threads.
final class Models implements AutoCloseable {

    /// What a request without version and label means: this label, or else the newest version without [#SHADOW].
    static final String STABLE = "stable";
    /// The label of a version that is compared, and answers those alone who ask for it by name.
    static final String SHADOW = "shadow";

    private static final Logger LOG = LoggerFactory.getLogger(Models.class);
    static final String MANIFEST = "manifest.json";
    private static final String LABELS = "labels.json";
    private static final JsonMapper JSON = new JsonMapper();

    /// Shorter numbers first, then by text, so that 10 follows 9 and dates are in their order.
    private static final Comparator<String> BY_AGE =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    /// A version as it is served.
    record Version(String model, String version, Ranker ranker) {}

    /// What a manifest's file is, so that another one in its place is noticed.
    private record Stamp(Object file, long size, long time) {}

    private record Key(String model, String version) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::model).thenComparing(Key::version, BY_AGE);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final Path folder;
    private final RankerOptions options;
    private final ConcurrentSkipListMap<Key, Version> versions = new ConcurrentSkipListMap<>();
    private final Map<Key, Stamp> seen = new TreeMap<>(); // also of those that were refused
    private final Set<Key> unloaded = new HashSet<>(); // there, and not to be served
    private final ConcurrentSkipListMap<Key, String> refusals = new ConcurrentSkipListMap<>();
    private volatile Map<String, Map<String, String>> labels = Map.of(); // model → label → version

    Models(Path folder, RankerOptions options) {
        this.folder = folder;
        this.options = options;
    }

    /// Takes up what changed on disk.
    synchronized void refresh() {
        try {
            Map<Key, Path> bundles = bundles();
            bundles.forEach(this::take);
            labels = readLabels(bundles);
            unloaded.retainAll(bundles.keySet());
            for (Key key : List.copyOf(seen.keySet())) {
                if (!bundles.containsKey(key)) {
                    seen.remove(key);
                    refusals.remove(key);
                    Version gone = versions.remove(key);
                    if (gone != null) {
                        gone.ranker().close();
                        LOG.info("model {} version {}: no longer there, closed", key.model(), key.version());
                    }
                }
            }
        } catch (IOException problem) {
            LOG.warn("{}: cannot be read, what is served stays: {}", folder, problem.toString());
        }
    }

    List<Version> all() {
        return List.copyOf(versions.values());
    }

    /// The versions of a model that are served, oldest first.
    List<String> versions(String model) {
        return versions.keySet().stream()
                .filter(key -> key.model().equals(model))
                .map(Key::version)
                .toList();
    }

    /// Why bundles that are there are not served as they are now.
    List<String> refusals() {
        return List.copyOf(refusals.values());
    }

    Map<String, String> labels(String model) {
        return labels.getOrDefault(model, Map.of());
    }

    /// @param version or null
    /// @param label or null
    Optional<Version> find(String model, String version, String label) {
        String wanted = version;
        if (wanted == null) {
            wanted = labels(model).get(label == null ? STABLE : label);
        }
        if (wanted != null) {
            return Optional.ofNullable(versions.get(new Key(model, wanted)));
        }
        return label != null
                ? Optional.empty()
                : versions.values().stream()
                        .filter(each -> each.model().equals(model)
                                && !each.version().equals(labels(model).get(SHADOW)))
                        .reduce((_, newer) -> newer);
    }

    /// As [#find(String, String, String)].
    ///
    /// @throws RefusedException where there is none
    Version require(String model, String version, String label) {
        return find(model, version, label)
                .orElseThrow(() -> new RefusedException(
                        Refusal.UNKNOWN_MODEL,
                        "no model '%s'%s%s is served"
                                .formatted(
                                        model,
                                        version == null ? "" : " of version '" + version + "'",
                                        label == null ? "" : " with label '" + label + "'")));
    }

    @Override
    public void close() {
        versions.values().forEach(version -> version.ranker().close());
        versions.clear();
    }

    /// Writes a label to the model's `labels.json`, and takes it up.
    ///
    /// @param version that it names from now on; null for none
    /// @throws InputException where there is no such version, or no folder for labels
    synchronized void setLabel(String model, String label, String version) {
        List<String> served = versions.keySet().stream()
                .filter(key -> key.model().equals(model))
                .map(Key::version)
                .toList();
        if (Files.exists(folder.resolve(MANIFEST))) {
            throw new InputException("labels: expected a folder of models, found a server of one bundle");
        }
        if (version == null ? !labels(model).containsKey(label) : !served.contains(version)) {
            throw new InputException(
                    version == null
                            ? "label: expected one of %s, found '%s'"
                                    .formatted(labels(model).keySet(), label)
                            : "version: expected one of %s, found '%s'".formatted(served, version));
        }
        Map<String, String> changed = new TreeMap<>(labels(model));
        if (version == null) {
            changed.remove(label);
        } else {
            changed.put(label, version);
        }
        try {
            AtomicFiles.write(folder.resolve(model).resolve(LABELS), JSON.writeValueAsString(changed) + "\n");
        } catch (IOException problem) {
            throw new InputException("labels: cannot be written: " + problem, problem);
        }
        refresh();
    }

    /// Closes a version after its last request, and leaves it so until [#load(String, String)] or another start.
    ///
    /// @throws InputException where it is not served, or bears a label
    synchronized void unload(String model, String version) {
        Key key = new Key(model, version);
        if (!versions.containsKey(key)) {
            throw new InputException("no model '%s' of version '%s' is served".formatted(model, version));
        }
        if (labels(model).containsValue(version)) {
            throw new InputException("version '%s': expected no label, found %s".formatted(version, labels(model)));
        }
        unloaded.add(key);
        seen.remove(key);
        versions.remove(key).ranker().close();
        LOG.info("model {} version {}: unloaded", model, version);
    }

    /// Serves a version again that was unloaded.
    ///
    /// @throws InputException where it was not, or its bundle is refused now
    synchronized void load(String model, String version) {
        Key key = new Key(model, version);
        if (!unloaded.remove(key)) {
            throw new InputException("no model '%s' of version '%s' was unloaded".formatted(model, version));
        }
        refresh();
        if (!versions.containsKey(key)) {
            throw new InputException(refusals.getOrDefault(key, "it is no longer there"));
        }
    }

    private void take(Key key, Path bundle) {
        if (unloaded.contains(key)) {
            return;
        }
        try {
            BasicFileAttributes file = Files.readAttributes(bundle.resolve(MANIFEST), BasicFileAttributes.class);
            Stamp stamp = new Stamp(
                    file.fileKey(), file.size(), file.lastModifiedTime().toMillis());
            if (stamp.equals(seen.put(key, stamp))) {
                return;
            }
            Version served = versions.get(key);
            if (served == null) {
                versions.put(key, new Version(key.model(), key.version(), Ranker.open(bundle, options)));
            } else {
                served.ranker().swap(bundle);
            }
            refusals.remove(key);
            LOG.info("model {} version {}: serves", key.model(), key.version());
        } catch (InputException refused) {
            refusals.put(key, refused.getMessage());
            LOG.warn("model {} version {}: refused: {}", key.model(), key.version(), refused.getMessage());
        } catch (IOException problem) {
            LOG.warn("model {} version {}: cannot be read: {}", key.model(), key.version(), problem.toString());
        }
    }

    private Map<Key, Path> bundles() throws IOException {
        Map<Key, Path> bundles = new TreeMap<>();
        if (Files.exists(folder.resolve(MANIFEST))) {
            String name = folder.toAbsolutePath().normalize().getFileName().toString();
            bundles.put(new Key(name, "1"), folder);
            return bundles;
        }
        for (Path model : folders(folder)) {
            for (Path version : folders(model)) {
                if (Files.exists(version.resolve(MANIFEST))) {
                    bundles.put(
                            new Key(
                                    model.getFileName().toString(),
                                    version.getFileName().toString()),
                            version);
                }
            }
        }
        return bundles;
    }

    /// What a label means: as it is written, but as before while that version is not served, being refused or having
    /// come since the bundles were listed, and the one before is.
    private String inForce(String model, String label, String version, Map<Key, Path> bundles) {
        String before = labels(model).get(label);
        if (version == null || before == null || versions.containsKey(new Key(model, version))) {
            return version;
        }
        Key last = new Key(model, before);
        return bundles.containsKey(last) && versions.containsKey(last) ? before : version;
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return new ArrayList<>(entries.filter(Files::isDirectory)
                    .filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .toList());
        }
    }

    private Map<String, Map<String, String>> readLabels(Map<Key, Path> bundles) throws IOException {
        Map<String, Map<String, String>> read = new TreeMap<>();
        for (String model : bundles.keySet().stream().map(Key::model).distinct().toList()) {
            Path file = folder.resolve(model).resolve(LABELS);
            if (Files.exists(file)) {
                try {
                    Map<String, String> written =
                            JSON.readValue(Files.readString(file), new TypeReference<Map<String, String>>() {});
                    written.replaceAll((label, version) -> inForce(model, label, version, bundles));
                    read.put(model, written);
                } catch (JsonProcessingException problem) {
                    LOG.warn(
                            "{}: expected versions by label, labels stay as they were: {}",
                            file,
                            problem.getOriginalMessage());
                    read.put(model, labels(model));
                }
            }
        }
        return read;
    }
}
