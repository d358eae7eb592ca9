// The rows of maps that stand in options.
#include "script/function_table.h"

#include <algorithm>

namespace simws::script {

namespace {

constexpr std::string_view since_1_0 = "1.0";

constexpr double GiB = 1024.0 * 1024.0 * 1024.0;

constexpr std::string_view tls_versions[] = {"1.2", "1.3"};

constexpr OptionRow server_tls_rows[] = {
    {"certificate",
     Type::text,
     "''",
     {},
     &ServerTls::certificate,
     since_1_0,
     "PEM file of the certificate, followed by those between it and its authority."},
    {"privateKey",
     Type::text,
     "''",
     {},
     &ServerTls::private_key,
     since_1_0,
     "PEM file of its private key. Empty: it lies in the certificate's file."},
    {"password",
     Type::text,
     "''",
     {},
     &ServerTls::password,
     since_1_0,
     "Of the private key. Empty: it has none.",
     nullptr,
     true},
    {"clientCA",
     Type::text,
     "''",
     {},
     &ServerTls::client_ca,
     since_1_0,
     "PEM file of authorities: only clients with a certificate of theirs may connect. Empty: they "
     "need none."},
    {"minVersion",
     Type::text,
     "'1.2'",
     {},
     &ServerTls::min_version,
     since_1_0,
     "The oldest version of TLS that is spoken, `'1.2'` or `'1.3'`.",
     nullptr,
     false,
     tls_versions},
};

constexpr OptionRow client_tls_rows[] = {
    {"ca",
     Type::text,
     "''",
     {},
     &ClientTls::ca,
     since_1_0,
     "PEM file of authorities to trust. Empty: those of the system."},
    {"verify",
     Type::boolean,
     "true",
     {},
     &ClientTls::verify,
     since_1_0,
     "False: any certificate will do, so anybody on the way can read and change everything."},
    {"serverName",
     Type::text,
     "''",
     {},
     &ClientTls::server_name,
     since_1_0,
     "The name that the certificate must be for. Empty: the URI's host."},
    {"certificate",
     Type::text,
     "''",
     {},
     &ClientTls::certificate,
     since_1_0,
     "PEM file of a certificate of one's own, for servers that ask for one, followed by those "
     "between it and its authority."},
    {"privateKey",
     Type::text,
     "''",
     {},
     &ClientTls::private_key,
     since_1_0,
     "PEM file of its private key. Empty: it lies in the certificate's file."},
    {"password",
     Type::text,
     "''",
     {},
     &ClientTls::password,
     since_1_0,
     "Of the private key. Empty: it has none.",
     nullptr,
     true},
};

constexpr Range effort{1, 9};
constexpr Range window_bits{9, 15};

constexpr OptionRow compression_rows[] = {
    {"threshold",
     Type::integer,
     "256",
     {0, 2 * GiB},
     &Compression::threshold,
     since_1_0,
     "Messages of less bytes leave as they are, and so do those that don't shrink."},
    {"level", Type::integer, "1", effort, &Compression::level, since_1_0,
     "How hard it tries: 1 is the fastest, 9 makes messages smallest."},
    {"memory", Type::integer, "8", effort, &Compression::memory, since_1_0,
     "Memory of a compressor: each more doubles it."},
    {"serverContextTakeover",
     Type::boolean,
     "false",
     {},
     &Compression::server_context_takeover,
     since_1_0,
     "True: messages of the server may refer to those before, if the client admits it. They "
     "become smaller where they are alike; each connection takes memory at both sides for as long "
     "as it's open, and a broadcast is compressed for each of them."},
    {"clientContextTakeover",
     Type::boolean,
     "false",
     {},
     &Compression::client_context_takeover,
     since_1_0,
     "The same for messages of the client."},
    {"serverWindowBits", Type::integer, "15", window_bits, &Compression::server_window_bits,
     since_1_0,
     "How far back messages of the server may refer, as a power of two: 15 is 32 KiB. Less takes "
     "less memory."},
    {"clientWindowBits", Type::integer, "15", window_bits, &Compression::client_window_bits,
     since_1_0, "The same for messages of the client."},
};

constexpr OptionRow broker_rows[] = {
    {"url",
     Type::text,
     "''",
     {},
     &BrokerOptions::url,
     since_1_0,
     "`nats://host:4222`, or `tls://host:4222`; `user:password@` or `token@` before the host; "
     "several with commas between them.",
     nullptr,
     true},
    {"credentials",
     Type::text,
     "''",
     {},
     &BrokerOptions::credentials,
     since_1_0,
     "File of credentials (`.creds`), as operators of NATS hand them out."},
    {"ca",
     Type::text,
     "''",
     {},
     &BrokerOptions::ca,
     since_1_0,
     "PEM file of authorities that the broker's certificate may come from. Empty: the system's."},
    {"certificate",
     Type::text,
     "''",
     {},
     &BrokerOptions::certificate,
     since_1_0,
     "PEM file of a certificate of one's own, for brokers that ask for one."},
    {"privateKey",
     Type::text,
     "''",
     {},
     &BrokerOptions::private_key,
     since_1_0,
     "PEM file of its private key."},
    {"program",
     Type::text,
     "''",
     {},
     &BrokerOptions::program,
     since_1_0,
     "Path of the program `simws-broker`. Empty: it's looked for beside simWS, and on the PATH."},
};

constexpr Range delay{0.001, 1e6};

constexpr OptionRow reconnect_rows[] = {
    {"initial", Type::number, "0.5", delay, &Reconnect::initial, since_1_0,
     "Seconds before the first attempt after a loss or failure."},
    {"max", Type::number, "30", delay, &Reconnect::max, since_1_0,
     "Seconds at most; a connection that stayed open for so long starts the delays anew."},
    {"factor",
     Type::number,
     "2",
     {1, 1000},
     &Reconnect::factor,
     since_1_0,
     "By how much each delay is longer than the one before."},
    {"jitter",
     Type::number,
     "0.3",
     {0, 1},
     &Reconnect::jitter,
     since_1_0,
     "Each delay times a random number of 1 ± this, so that many clients don't come back at once."},
    {"attempts",
     Type::integer,
     "0",
     {0, 1e9},
     &Reconnect::attempts,
     since_1_0,
     "How many attempts in a row, then no more. 0: no end."},
};

constexpr bool is_documented(const OptionRow& row) {
  return !row.doc.empty() && !row.since.empty() && !row.default_value.empty();
}
static_assert(std::ranges::all_of(reconnect_rows, is_documented));
static_assert(std::ranges::all_of(compression_rows, is_documented));
static_assert(std::ranges::all_of(broker_rows, is_documented));
static_assert(std::ranges::all_of(server_tls_rows, is_documented));
static_assert(std::ranges::all_of(client_tls_rows, is_documented));

}  // namespace

std::span<const OptionRow> reconnect_options() {
  return reconnect_rows;
}
std::span<const OptionRow> compression_options() {
  return compression_rows;
}
std::span<const OptionRow> broker_options() {
  return broker_rows;
}
std::span<const OptionRow> server_tls_options() {
  return server_tls_rows;
}
std::span<const OptionRow> client_tls_options() {
  return client_tls_rows;
}

}  // namespace simws::script
