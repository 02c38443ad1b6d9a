<?php
// Publishes the events of a JSON file (one object or a list) through the gateway. PHP 8.1 or later with the curl extension:
//
//   GATEWAY_URL=https://gateway HAGIANG_API_KEY=... php publish_events.php government.dossier_status_changed events.json
//
// Exit status: 0 all taken, 1 some or none taken (the answer says which and why), 2 the gateway was away too long.
declare(strict_types=1);

const TRIES = 8;
// Waiting helps: too many requests, a full spool, or a gateway that is not ready.
const PASSING = [429, 502, 503, 504, 507];

/** Status and body of the answer that settles the request; null when there was none. Waits longer after each failure. */
function send_patiently(string $url, array $headers, string $body): ?array
{
    for ($failures = 0; $failures < TRIES; $failures++) {
        $pause = min(30, 0.5 * 2 ** $failures) * random_int(50, 100) / 100;
        $retry_after = 0;
        $call = curl_init($url);
        curl_setopt_array($call, [
            CURLOPT_POST => true,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => 5,
            CURLOPT_TIMEOUT => 35,
            CURLOPT_HEADERFUNCTION => function ($call, string $line) use (&$retry_after): int {
                if (stripos($line, 'retry-after:') === 0) {
                    $retry_after = (int) substr($line, 12);
                }
                return strlen($line);
            },
        ]);
        $answer = curl_exec($call);
        $status = curl_getinfo($call, CURLINFO_RESPONSE_CODE);
        if ($answer !== false && !in_array($status, PASSING, true)) {
            return [$status, $answer];
        }
        usleep((int) (max($pause, $retry_after) * 1_000_000));
    }
    return null;
}

[, $topic, $file] = $argv;
$answer = send_patiently(getenv('GATEWAY_URL') . "/events/$topic", [
    'Authorization: Bearer ' . getenv('HAGIANG_API_KEY'),
    'Content-Type: application/json',
    // Made once, not for each try: a repeat gets the same event ids and counts once.
    'Idempotency-Key: ' . bin2hex(random_bytes(16)),
], file_get_contents($file));

if ($answer === null) {
    fwrite(STDERR, "The gateway was away too long; nothing is known, send the file again later.\n");
    exit(2);
}
// 202: all are durable. 207: `items` tells of each. Otherwise `detail` and `errors` tell how to mend it.
echo $answer[1], "\n";
exit($answer[0] === 202 ? 0 : 1);
