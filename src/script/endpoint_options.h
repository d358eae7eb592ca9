// The options of `start`, `connect` and `serveFiles`, from the script's map and from named
// parameters.
#pragma once

#include "script/engine.h"
#include "script/value.h"

#include <simws/client_options.h>
#include <simws/files.h>
#include <simws/options.h>
#include <simws/result.h>
#include <simws/topics.h>

#include <string_view>

namespace simws::script {

// The defaults, changed by the named parameters `simWS.<option>` and then by `options`, a map that
// has been checked, or nil.
Result<ServerOptions> make_server_options(Engine& engine, const Value& options);

// The same for a client, of whose options only the user agent has a named parameter.
Result<ClientOptions> make_client_options(Engine& engine, const Value& options);

// Of a subscription, a topic and a publication: a map that has been checked, or nil.
SubscriptionOptions make_subscription_options(const Value& options);
TopicOptions make_topic_options(const Value& options);
PublishOptions make_publish_options(const Value& options);
// The same of `serveFiles`.
FileOptions make_file_options(const Value& options);

// The time of one pass over waiting events: the named parameter `simWS.passBudget`, or 5 ms.
Result<Seconds> pass_budget(Engine& engine);

// Whether a program around scripts may be given a named parameter of this name: its scripts' own
// are theirs, but one that starts with `simWS.` must exist. Error: it doesn't, or is an option
// without its `simWS.`.
Result<void> check_named_parameter(std::string_view name);

}  // namespace simws::script
