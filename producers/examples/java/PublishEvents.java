import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Publishes the events of a JSON file (one object or a list) through the gateway. Java 17 or later, no libraries:
 *
 *   GATEWAY_URL=https://gateway HAGIANG_API_KEY=... java PublishEvents.java government.dossier_status_changed events.json
 *
 * Exit status: 0 all taken, 1 some or none taken (the answer says which and why), 2 the gateway was away too long.
 */
public class PublishEvents {
    private static final int TRIES = 8;

    public static void main(String[] arguments) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                URI.create(System.getenv("GATEWAY_URL") + "/events/" + arguments[0]))
            .timeout(Duration.ofSeconds(35))
            .header("Authorization", "Bearer " + System.getenv("HAGIANG_API_KEY"))
            .header("Content-Type", "application/json")
            // Made once, not for each try: a repeat gets the same event ids and counts once.
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(HttpRequest.BodyPublishers.ofFile(Path.of(arguments[1])))
            .build();
        HttpResponse<String> answer = sendPatiently(request);
        if (answer == null) {
            System.err.println("The gateway was away too long; nothing is known, send the file again later.");
            System.exit(2);
        }
        // 202: all are durable. 207: `items` tells of each. Otherwise `detail` and `errors` tell how to mend it.
        System.out.println(answer.body());
        System.exit(answer.statusCode() == 202 ? 0 : 1);
    }

    /** The answer that settles the request; null when there was none. Waits longer after each failure. */
    private static HttpResponse<String> sendPatiently(HttpRequest request) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
        for (int failures = 0; failures < TRIES; failures++) {
            double pause = Math.min(30, 0.5 * Math.pow(2, failures)) * (0.5 + Math.random() / 2);
            try {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (!isPassing(answer.statusCode())) {
                    return answer;
                }
                pause = Math.max(pause, answer.headers().firstValueAsLong("Retry-After").orElse(0));
            } catch (IOException away) {
                System.err.println("The gateway cannot be reached: " + away);
            }
            Thread.sleep((long) (pause * 1000));
        }
        return null;
    }

    /** Whether waiting helps: too many requests, a full spool, or a gateway that is not ready. */
    private static boolean isPassing(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504 || status == 507;
    }
}
