// Publishes the events of a JSON file (one object or a list) through the gateway. .NET 8 or later, no packages:
//
//   GATEWAY_URL=https://gateway HAGIANG_API_KEY=... dotnet run -- government.dossier_status_changed events.json
//
// Exit status: 0 all taken, 1 some or none taken (the answer says which and why), 2 the gateway was away too long.
using System.Net;
using System.Net.Http.Headers;

const int Tries = 8;
// Waiting helps: too many requests, a full spool, or a gateway that is not ready.
var passing = new[] { 429, 502, 503, 504, 507 };

var url = $"{Environment.GetEnvironmentVariable("GATEWAY_URL")}/events/{args[0]}";
var body = await File.ReadAllBytesAsync(args[1]);
// Made once, not for each try: a repeat gets the same event ids and counts once.
var idempotencyKey = Guid.NewGuid().ToString();
using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(35) };

for (var failures = 0; failures < Tries; failures++)
{
    var pause = TimeSpan.FromSeconds(Math.Min(30, 0.5 * Math.Pow(2, failures)) * (0.5 + Random.Shared.NextDouble() / 2));
    try
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new("Bearer", Environment.GetEnvironmentVariable("HAGIANG_API_KEY"));
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await client.SendAsync(request);
        if (!passing.Contains((int)answer.StatusCode))
        {
            // 202: all are durable. 207: `items` tells of each. Otherwise `detail` and `errors` tell how to mend it.
            Console.WriteLine(await answer.Content.ReadAsStringAsync());
            return answer.StatusCode == HttpStatusCode.Accepted ? 0 : 1;
        }
        var asked = answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
        pause = asked > pause ? asked : pause;
    }
    catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
    {
        Console.Error.WriteLine($"The gateway cannot be reached: {away.Message}");
    }
    await Task.Delay(pause);
}
Console.Error.WriteLine("The gateway was away too long; nothing is known, send the file again later.");
return 2;
