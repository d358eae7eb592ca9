// What OpenSSL found, in words for people. For tls_*.cpp alone.
#pragma once

#include "transport/tls_openssl.h"

#include <string>
#include <string_view>
#include <vector>

namespace simws::transport {

// One line of ASCII, not long; a '?' in the place of what can't be printed.
std::string printable(std::string_view text);
// As above.
std::string subject_of(const X509& certificate);
// DNS names and addresses, a hundred of them at the most.
std::vector<std::string> names_of(const X509& certificate);
std::string date_of(const ASN1_TIME& time);

// Which check of the peer's certificate failed; `expected_name`: whom a client wanted to speak to.
std::string words_of_verification(X509_STORE_CTX& failed, const std::string& expected_name);
// What the peer told as its reason to end the connection.
std::string words_of_alert(int description);
// It's for this side's certificate, or the lack of one.
bool is_of_certificate(int description);

}  // namespace simws::transport
