package io.github.corymb.serving;

import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.feature.FeatureSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// Ranks items for a user by an exported bundle, in the thread that asks:
///
/// ```java
/// try (Ranker ranker = Ranker.open(bundle)) {
///     FeatureRows user = FeatureRows.one().longs("user_id", 5).longLists("history", new long[] {3, 9, 4});
///     FeatureRows items = FeatureRows.of(3).longs("item_id", 7, 12, 16).texts("tags", "a|d", "b|d", "c");
///     Ranking ranking = ranker.rank(user, items);
///     for (int item : ranking.order()) {
///         out.println(item + " " + ranking.scores()[item] + " " + ranking.task("click")[item]);
///     }
///     ranker.swap(newBundle); // requests under way end with the old one
/// }
/// ```
///
/// What depends on user and context alone is encoded, looked up and multiplied once for all items. Memory outside the
/// heap is used again from request to request, and goes with its bundle; there is as much as there were requests at
/// once, each up to four times as long as the longest.
///
/// Any number of threads may ask at once, also while a bundle takes the place of another. Whoever opened it closes it;
/// requests under way then end as they would.
public final class Ranker implements AutoCloseable {

    private final RankerOptions options;
    private final AtomicReference<LoadedBundle> current;
    private final LongAdder requestCount = new LongAdder();
    private final LongAdder itemCount = new LongAdder();
    private final LongAdder unknownColumnCount = new LongAdder();
    private final LongAdder missingColumnCount = new LongAdder();
    private long retiredUnknownKeyCount; // guarded by this
    private long swapCount; // guarded by this

    private Ranker(RankerOptions options, LoadedBundle first) {
        this.options = options;
        current = new AtomicReference<>(first);
    }

    /// Opens a bundle that `corymb export` wrote, with [RankerOptions#STANDARD].
    ///
    /// @throws InputException naming the bundle and the fault
    public static Ranker open(Path bundle) {
        return open(bundle, RankerOptions.STANDARD);
    }

    /// @throws InputException naming the bundle and the fault
    public static Ranker open(Path bundle, RankerOptions options) {
        return new Ranker(options, LoadedBundle.open(bundle, options));
    }

    /// Ranks items by [RankQuestion#ALL].
    public Ranking rank(FeatureRows user, FeatureRows items) {
        return rank(user, items, RankQuestion.ALL);
    }

    /// @param user one row of the features of user and context, or one an item
    /// @throws InputException for a value that a feature cannot be, a column on the wrong side, more items than the
    ///     limit, and a task or fusion that there is not
    /// @throws BundleFaultException where the bundle was damaged after it was opened
    /// @throws RankerClosedException where it is closed
    public Ranking rank(FeatureRows user, FeatureRows items, RankQuestion question) {
        return withBundle(loaded -> counted(loaded.rank(new Request(user, items, question))));
    }

    /// A user, items, and what is asked about them.
    ///
    /// @param user as in [#rank(FeatureRows, FeatureRows, RankQuestion)]
    public record Request(FeatureRows user, FeatureRows items, RankQuestion question) {}

    /// Ranks for several users by one run of the graph, which saves time where each has a few items. An answer may
    /// differ from that to its request alone by what the order of additions makes, some 1e-7. Memory outside the heap
    /// counts them as one request of all their items.
    ///
    /// @return one a request, in their order, all of one bundle; each is done, with an answer or with what
    ///     [#rank(FeatureRows, FeatureRows, RankQuestion)] throws
    /// @throws RankerClosedException where it is closed
    public List<CompletableFuture<Ranking>> rank(List<Request> requests) {
        return withBundle(loaded -> loaded.rank(requests).stream()
                .map(answer -> answer.thenApply(this::counted))
                .toList());
    }

    /// Scores rows that each have the features of user, context and item, as the rows of a table have.
    ///
    /// @throws InputException as [#rank(FeatureRows, FeatureRows, RankQuestion)]
    public Ranking score(FeatureRows rows, RankQuestion question) {
        return withBundle(loaded -> counted(loaded.score(rows, question)));
    }

    /// Opens and warms another bundle, and lets it answer every request from then on. Where it is refused, the bundle
    /// before answers on.
    ///
    /// @throws InputException naming the bundle and the fault
    public synchronized BundleIdentity swap(Path bundle) {
        LoadedBundle before = current.get();
        if (before == null) {
            throw new RankerClosedException();
        }
        LoadedBundle next = LoadedBundle.open(bundle, options);
        current.set(next);
        retiredUnknownKeyCount += before.unknownKeyCount();
        swapCount++;
        before.release();
        return next.identity();
    }

    /// Which bundle answers now.
    public BundleIdentity bundle() {
        return withBundle(LoadedBundle::identity);
    }

    /// What the bundle that answers now takes and gives.
    public BundleDescription description() {
        return withBundle(LoadedBundle::description);
    }

    /// The features of the bundle that answers now.
    public FeatureSchema schema() {
        return withBundle(loaded -> loaded.bundle().schema());
    }

    /// The tasks of the bundle that answers now, each with its width.
    public List<GraphSignature.Output> tasks() {
        return withBundle(loaded -> loaded.bundle().signature().outputs());
    }

    /// The fusions that a question may name.
    public Set<String> fusions() {
        return withBundle(loaded -> loaded.bundle().fusions().keySet());
    }

    public synchronized RankerCounts counts() {
        LoadedBundle loaded = current.get();
        long unknownKeyCount = retiredUnknownKeyCount + (loaded == null ? 0 : loaded.unknownKeyCount());
        return new RankerCounts(
                requestCount.sum(),
                itemCount.sum(),
                unknownKeyCount,
                unknownColumnCount.sum(),
                missingColumnCount.sum(),
                swapCount);
    }

    @Override
    public synchronized void close() {
        LoadedBundle last = current.getAndSet(null);
        if (last != null) {
            retiredUnknownKeyCount += last.unknownKeyCount();
            last.release();
        }
    }

    private <T> T withBundle(Function<LoadedBundle, T> use) {
        LoadedBundle loaded = acquire();
        try {
            return use.apply(loaded);
        } finally {
            loaded.release();
        }
    }

    private LoadedBundle acquire() {
        while (true) {
            LoadedBundle loaded = current.get();
            if (loaded == null) {
                throw new RankerClosedException();
            }
            if (loaded.retain()) {
                return loaded;
            } // else another took its place just now
        }
    }

    private Ranking counted(LoadedBundle.Answer answer) {
        requestCount.increment();
        itemCount.add(answer.ranking().itemCount());
        unknownColumnCount.add(answer.unknownColumnCount());
        missingColumnCount.add(answer.missingColumnCount());
        return answer.ranking();
    }
}
