package io.github.corymb.metric;

import java.util.Set;

/// Mean over classes of the F1 score, every class counting alike however rare.
///
///     F1_c = 2 TP_c / (2 TP_c + FP_c + FN_c)
///
/// A class that is neither the label nor the prediction of any row is left out of the mean: it is not a class of these
/// rows. A class with labels that is never predicted right scores 0 and stays in. This is the mean of F1 scores, not
/// the F1 of mean precision and mean recall. Empty where there are no rows.
public record MacroF1() implements Metric {

    @Override
    public String name() {
        return "macro_f1";
    }

    @Override
    public Set<TaskKind> kinds() {
        return Set.of(TaskKind.MULTICLASS);
    }

    @Override
    public Goal goal() {
        return Goal.HIGHER;
    }

    @Override
    public double valueOrNaN(Scored scored) {
        double[] correct = new double[scored.classCount()]; // [C] TP
        double[] involved = new double[scored.classCount()]; // [C] 2 TP + FP + FN
        for (int row = 0; row < scored.rowCount(); row++) {
            int label = (int) scored.label(row);
            int predicted = Accuracy.mostProbable(scored, row);
            double weight = scored.weight(row);
            involved[label] += weight;
            involved[predicted] += weight;
            correct[label] += label == predicted ? weight : 0;
        }
        double sum = 0;
        int presentClasses = 0;
        for (int c = 0; c < correct.length; c++) {
            if (involved[c] > 0) {
                sum += 2 * correct[c] / involved[c];
                presentClasses++;
            }
        }
        return sum / presentClasses;
    }
}
