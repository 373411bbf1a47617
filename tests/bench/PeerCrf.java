import edu.stanford.nlp.ie.crf.CRFClassifier;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** The peer that bench.py measures names against: CoreNLP's CRF with three classes, names only. Articles on stdin, a zero byte
 *  behind each; ROUNDS times. Prints the CPU seconds of the thread that reads them, a line a round: what the compiler and the
 *  garbage collector take beside it is left out, in the peer's favour. */
public class PeerCrf {
    public static void main(String[] args) throws Exception {
        String[] articles = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\0");
        var names = CRFClassifier.getClassifier("edu/stanford/nlp/models/ner/english.all.3class.distsim.crf.ser.gz");
        var clock = ManagementFactory.getThreadMXBean();
        for (int round = 0; round < Integer.parseInt(args[0]); round++) {
            long start = clock.getCurrentThreadCpuTime(), found = 0;
            for (String article : articles)
                found += names.classifyToCharacterOffsets(article).size();
            System.out.println((clock.getCurrentThreadCpuTime() - start) / 1e9 + " " + found);
        }
    }
}
