// What changes the contexts.

#include <fmt/core.h>

#include "cli/connection/context_file.h"
#include "cli/connection/context_verbs.h"
#include "cli/connection/value_reference.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "kafka/client_config.h"

namespace omashu::cli {

namespace {

// A password in a URL is one that would be stored.
bool has_password(std::string_view url) {
  const size_t at = url.find('@');
  const size_t start = url.find("://");
  return at != std::string_view::npos && url.substr(start == std::string_view::npos ? 0 : start + 3, at).contains(':');
}

Result<void> check_property(const Property& property) {
  if (auto known = check_connection_property(property); !known) return known;
  if (is_value_reference(property.value)) return {};
  if (kafka::is_secret(property.name) || (property.name.ends_with(".url") && has_password(property.value))) {
    return fail(
        ErrorCode::kInvalidArgument,
        fmt::format(
            "{} is a secret, and is not stored: write where it comes from, {}=env:VARIABLE or "
            "{}='command:WORDS'{}",
            property.name, property.name, property.name,
            property.name.ends_with(".url") ? ", or the password as schema.registry.basic.auth.user.info" : ""));
  }
  return {};
}

class ContextSetCommand : public Command {
 public:
  Description description() const override {
    return {.name = "set",
            .summary = "Make a context, or change some of its properties",
            .usages = {"CONTEXT [-X PROPERTY=VALUE]… [--unset PROPERTY]…"},
            .details =
                "Properties are those of -X. A value env:VARIABLE is that environment variable's when it is needed, "
                "command:WORDS what a command prints. Secrets are kept in no other way. The first context that is made "
                "is the one in use.",
            .examples = {{"Two addresses",
                          "omashu context set local --bootstrap-server 127.0.0.1:9092 --registry "
                          "http://127.0.0.1:8081"},
                         {"A password from a command",
                          "omashu context set prod -X sasl.username=me -X "
                          "'sasl.password=command:pass show kafka/prod'"},
                         {"Without a property again", "omashu context set prod --unset sasl.username"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("CONTEXT", name_, "its name");
    options.option("--bootstrap-server", "HOST:PORT", bootstrap_server_, "the Kafka brokers to start from");
    options.option("--registry", "URL[,URL]", registry_, "the schema registry");
    options.option("-X", "NAME=VALUE", properties_, "a client property, or schema.registry.…; may be repeated");
    options.option("--unset", "NAME", unset_, "a property that the context is to have no more; may be repeated");
  }

  Result<void> check() override {
    if (auto named = check_context_name(name_); !named) return named;
    if (bootstrap_server_) parsed_.push_back({.name = "bootstrap.servers", .value = *bootstrap_server_});
    if (registry_) parsed_.push_back({.name = "schema.registry.url", .value = *registry_});
    for (const std::string& text : properties_) {
      auto property = parse_property(text);
      if (!property) return fail(std::move(property.error()).within("-X"));
      parsed_.push_back(*std::move(property));
    }
    for (const Property& property : parsed_) {
      if (auto usable = check_property(property); !usable) return usable;
    }
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    const std::string path = context_file_path(process_environment);
    auto file = ContextFile::load(path);
    if (!file) return fail(std::move(file.error()));
    ContextFile::Properties& properties = file->contexts[name_];
    for (const std::string& name : unset_) {
      if (properties.erase(name) == 0) {
        return fail(ErrorCode::kNotFound, fmt::format("context {} has no property {}", name_, name));
      }
    }
    for (const Property& property : parsed_) properties[property.name] = property.value;
    if (file->contexts.size() == 1) file->current = name_;
    if (auto saved = file->save(path); !saved) return fail(std::move(saved.error()));
    if (file->current != name_) {
      context.messages.note(fmt::format("to use it: omashu context use {}, or --context {}", name_, name_));
    }
    return ExitCode::kDone;
  }

 private:
  std::string name_;
  std::optional<std::string> bootstrap_server_;
  std::optional<std::string> registry_;
  std::vector<std::string> properties_;
  std::vector<std::string> unset_;
  std::vector<Property> parsed_;
};

class ContextUseCommand : public Command {
 public:
  Description description() const override {
    return {.name = "use",
            .summary = "Choose the context that commands use from now on",
            .usages = {"CONTEXT", "--none"},
            .details = "",
            .examples = {{"Of staging", "omashu context use staging"}, {"Of none", "omashu context use --none"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("CONTEXT", name_, "its name");
    options.flag("--none", is_none_, "none, so that the defaults apply");
  }

  Result<void> check() override {
    if (name_.has_value() != is_none_) return {};
    return fail(ErrorCode::kInvalidArgument, "give a CONTEXT or --none");
  }

  Result<ExitCode> run(Context& context) override {
    const std::string path = context_file_path(process_environment);
    auto file = ContextFile::load(path);
    if (!file) return fail(std::move(file.error()));
    if (name_) {
      if (const auto known = file->find(*name_); !known) return fail(known.error());
    }
    file->current = name_;
    if (auto saved = file->save(path); !saved) return fail(std::move(saved.error()));
    if (const auto name = process_environment("OMASHU_CONTEXT"); name && name != name_) {
      context.messages.warning(fmt::format("OMASHU_CONTEXT={} wins over it in this shell", *name));
    }
    return ExitCode::kDone;
  }

 private:
  std::optional<std::string> name_;
  bool is_none_ = false;
};

class ContextDeleteCommand : public Command {
 public:
  Description description() const override {
    return {.name = "delete",
            .summary = "Delete a context",
            .usages = {"CONTEXT"},
            .details = "Where it is the one in use, none is afterwards.",
            .examples = {{"One that is no longer needed", "omashu context delete staging"},
                         {"And look what is left", "omashu context delete staging && omashu context list"}}};
  }

  void declare(OptionParser& options) override { options.argument("CONTEXT", name_, "its name"); }

  Result<ExitCode> run(Context&) override {
    const std::string path = context_file_path(process_environment);
    auto file = ContextFile::load(path);
    if (!file) return fail(std::move(file.error()));
    if (const auto known = file->find(name_); !known) return fail(known.error());
    file->contexts.erase(name_);
    if (file->current == name_) file->current.reset();
    if (auto saved = file->save(path); !saved) return fail(std::move(saved.error()));
    return ExitCode::kDone;
  }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_context_set() { return std::make_unique<ContextSetCommand>(); }
std::unique_ptr<Command> make_context_use() { return std::make_unique<ContextUseCommand>(); }
std::unique_ptr<Command> make_context_delete() { return std::make_unique<ContextDeleteCommand>(); }

}  // namespace omashu::cli
