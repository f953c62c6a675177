package io.github.corymb.export;

import static io.github.corymb.export.GraphBuilder.attribute;

import java.util.List;
import java.util.stream.IntStream;

/// The model's input x = [user ; item], kept apart: what the user and the context give, and what the item gives. A
/// linear map of x is a sum of two, of which a request for many items computes the first once:
///
///     W x + b = W_i item + (W_u user + b)          user [U, D_u] with U 1 or N, item [N, D_i] → [N, H]
///
/// @param user the name of the user's part, or null where x has none
/// @param item the name of the items' part, or null where x has none
/// @param userColumns which columns of x the user's part is, in its order
/// @param itemColumns which columns of x the items' part is, in its order
@SuppressWarnings("ArrayRecordComponent") // never compared
record InputParts(GraphBuilder graph, String user, String item, int[] userColumns, int[] itemColumns) {

    /// @param weight [H, D], called `name`
    /// @param bias the name of [H], or null
    String linear(ConstantArray weight, String name, String bias) {
        if (item == null) {
            return product(user, select(weight, userColumns), name, bias);
        }
        if (user == null) {
            return product(item, select(weight, itemColumns), name, bias);
        }
        String once = product(user, select(weight, userColumns), name + ".user", bias); // [U, H]
        return product(item, select(weight, itemColumns), name + ".item", once); // [N, H]
    }

    /// x itself, for a model that does something else with it.
    String joined() { // [N, D]
        if (item == null || user == null) {
            return ordered(item == null ? user : item, item == null ? userColumns : itemColumns);
        }
        String count = graph.node("Shape", List.of(item), attribute("start", 0), attribute("end", 1)); // [1]
        String one = graph.constant("one", new long[] {1}, 1);
        String shape = graph.node("Concat", List.of(count, one), attribute("axis", 0)); // [2]
        String wide = graph.node("Expand", List.of(user, shape)); // [N, D_u]
        String both = graph.node("Concat", List.of(wide, item), attribute("axis", 1));
        return ordered(
                both,
                IntStream.concat(IntStream.of(userColumns), IntStream.of(itemColumns))
                        .toArray());
    }

    private String product(String x, ConstantArray weight, String name, String added) {
        String w = graph.constant(name, weight);
        return graph.node("Gemm", added == null ? List.of(x, w) : List.of(x, w, added));
    }

    private static ConstantArray select(ConstantArray weight, int... columns) {
        return weight.select(1, columns).transpose(0, 1); // [D_part, H]
    }

    /// Columns in the order of x.
    private String ordered(String value, int... columns) {
        long[] places = new long[columns.length];
        for (int at = 0; at < columns.length; at++) {
            places[columns[at]] = at;
        }
        String order = graph.constant("columns", places, places.length);
        return graph.node("Gather", List.of(value, order), attribute("axis", 1));
    }
}
