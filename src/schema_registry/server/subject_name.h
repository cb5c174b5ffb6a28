// Subjects and their contexts. ":.team:orders" is the subject "orders" of the context ".team", which has ids and
// settings of its own; a subject without such a beginning is of the default context.
//
// The server names a context by what its subjects start with: ":.team:", and "" for the default one.

#pragma once

#include <string>
#include <string_view>

namespace omashu::schema_registry::server {

// The settings of all contexts that have none themselves stand under this name.
inline constexpr std::string_view kGlobalContext = ":.__GLOBAL:";

// In place of a context, in a prefix: all of them.
inline constexpr std::string_view kAnyContext = ":*:";

// One spelling for each name: ":.:orders" is "orders", and the context ":.team" is ":.team:".
std::string normalized_subject(std::string_view name);

// The subject as it is meant where `context` holds: a name that says its own context keeps it.
std::string qualified_subject(std::string_view context, std::string_view name);

// ":.team:" or "", of a normalized name.
std::string_view context_of(std::string_view subject);

// The context ".team" of ":.team:", and "." of "": how the API names contexts.
std::string context_name(std::string_view context);

// The other way; ":.team:" is taken as it is.
std::string context_from_name(std::string_view name);

// Whether a subject is one of those that a prefix means: "" all of the default context, ":*:" all of all contexts,
// ":.team:" all of that one; behind each of them the beginning of a name.
bool has_subject_prefix(std::string_view subject, std::string_view prefix);

// Whether schemas may be registered under a normalized name: there is something behind the context, no control
// characters, and none of the names that Confluent's registry reserves: two of subjects, and the context :.__GLOBAL:.
bool is_valid_subject(std::string_view subject);

// Whether settings may be made for it: a subject, or a context as a whole.
bool is_valid_scope(std::string_view subject);

}  // namespace omashu::schema_registry::server
