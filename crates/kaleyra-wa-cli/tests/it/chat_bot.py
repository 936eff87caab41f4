"""A shop's bot with nothing but Python's own library. ANSWERS_TWICE in its environment plants a mistake."""
import http.server
import json
import os
import urllib.request

SEEN = set()


def send(to, content):
    env = os.environ
    url = f"{env['KALEYRA_BASE_URL']}/v2/{env['KALEYRA_SID']}/whatsapp/{env['KALEYRA_SENDER']}/messages"
    message = {"messaging_product": "whatsapp", "to": "+" + to, **content}
    request = urllib.request.Request(
        url,
        json.dumps({"messaging_object": message}).encode(),
        {"api-key": env["KALEYRA_API_KEY"], "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).read()


class Webhook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        allowed = self.headers.get("x-kaleyra-secret") == os.environ["KALEYRA_CALLBACK_SECRET"]
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()
        if not allowed:
            return
        for message in json.loads(body).get("meta_object", {}).get("value", {}).get("messages", []):
            if message["id"] in SEEN and "ANSWERS_TWICE" not in os.environ:
                continue
            SEEN.add(message["id"])
            text = message.get("text", {}).get("body", "")
            send(message["from"], {"type": "text", "text": {"body": f"You said {text}"}})

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Webhook).serve_forever()
