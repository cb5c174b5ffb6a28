#include "provision/diff_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/counted.h"
#include "base/json.h"
#include "base/topic_configs.h"
#include "provision/line_diff.h"
#include "provision/ssv_file.h"

namespace omashu::provision {

namespace {

using schema_registry::Reference;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

std::string pretty(const std::string& schema) {
  const auto json = json::parse(schema);
  return json ? json::to_pretty_text(*json) : schema;
}

std::string with_unit(std::string_view name, std::string_view value) {
  const std::string unit = human_config_value(name, value);
  return unit.empty() ? std::string(value) : fmt::format("{} ({})", value, unit);
}

class Printer {
 public:
  explicit Printer(Colours colours) : is_coloured_(colours == Colours::kOn) {}

  void print(const RegisterSchema& action) {
    current_topic_.clear();
    if (!action.latest) {
      added(0, fmt::format("schema {} version {} ({})", action.subject, action.version, action.file));
      for (const Reference& reference : action.text.references) added(1, reference_text(reference));
      return;
    }
    changed(0, fmt::format("schema {} version {} → {} ({})", action.subject, action.latest->version, action.version,
                           action.file));
    print_references(action.latest->text.references, action.text.references);
    print_difference(pretty(action.latest->text.schema), pretty(action.text.schema));
  }

  void print(const SetCompatibility& action) {
    current_topic_.clear();
    changed(0, fmt::format("compatibility of {}: {} → {}", action.subject, action.before, action.after));
  }

  void print(const CreateTopic& action) {
    current_topic_.clear();
    const auto& [name, partitions, replication_factor, configs] = action.topic;
    added(0,
          fmt::format("topic {} ({}, {})", name,
                      partitions == kBrokerDefault ? "the brokers' number of partitions"
                                                   : counted(static_cast<size_t>(partitions), "partition"),
                      replication_factor == kBrokerDefault ? "the brokers' replication factor"
                                                           : fmt::format("replication factor {}", replication_factor)));
    for (const auto& [setting, value] : configs) {
      added(1, fmt::format("{} = {}", setting, with_unit(setting, value)));
    }
  }

  void print(const AddPartitions& action) {
    topic_line(action.topic);
    changed(1, fmt::format("partitions: {} → {}", action.before, action.after));
  }

  void print(const ReassignReplicas& action) {
    topic_line(action.topic);
    changed(1, fmt::format("replication factor: {} → {} (replicas of {} move)", action.before, action.after,
                           counted(action.partitions.size(), "partition")));
  }

  void print(const AlterConfigs& action) {
    topic_line(action.topic);
    for (const ConfigDifference& change : action.changes) {
      changed(1, fmt::format("{}: {}{} → {}", change.name, with_unit(change.name, change.before),
                             change.was_default ? " (default)" : "", with_unit(change.name, change.after)));
    }
  }

  void print(const DeleteTopic& action) {
    removed(0, fmt::format("topic {} ({}, with all its records)", action.topic,
                           counted(static_cast<size_t>(action.partitions), "partition")));
  }

  void print(const DeleteSubject& action) { removed(0, "subject " + action.subject); }

  void added(int depth, const std::string& text) { line("32", depth, '+', text); }
  void changed(int depth, const std::string& text) { line("33", depth, '~', text); }
  void removed(int depth, const std::string& text) { line("31", depth, '-', text); }
  void plain(const std::string& text) { out_ += text + "\n"; }

  std::string take() { return std::move(out_); }

 private:
  void line(std::string_view colour, int depth, char mark, const std::string& text) {
    const std::string whole = fmt::format("{:{}}{} {}", "", depth * 4, mark, text);
    out_ += is_coloured_ ? fmt::format("\x1b[{}m{}\x1b[0m\n", colour, whole) : whole + "\n";
  }

  // Partitions and settings of one topic stand under one line.
  void topic_line(const std::string& topic) {
    if (topic != current_topic_) changed(0, "topic " + topic);
    current_topic_ = topic;
  }

  static std::string reference_text(const Reference& reference) {
    return fmt::format("reference {} ({} version {})", reference.name, reference.subject, reference.version);
  }

  void print_references(const std::vector<Reference>& before, const std::vector<Reference>& after) {
    const auto same_name = [](const std::vector<Reference>& references, const Reference& wanted) {
      return std::ranges::find(references, wanted.name, &Reference::name);
    };
    for (const Reference& reference : after) {
      const auto old = same_name(before, reference);
      if (old == before.end()) {
        added(1, reference_text(reference));
      } else if (old->subject != reference.subject) {
        changed(1, fmt::format("reference {}: {} version {} → {} version {}", reference.name, old->subject,
                               old->version, reference.subject, reference.version));
      } else if (old->version != reference.version) {
        changed(1, fmt::format("reference {}: {} version {} → {}", reference.name, reference.subject, old->version,
                               reference.version));
      }
    }
    for (const Reference& reference : before) {
      if (same_name(after, reference) == after.end()) removed(1, reference_text(reference));
    }
  }

  void print_difference(const std::string& before, const std::string& after) {
    if (before == after) return;
    for (const DiffLine& diff : diff_lines(before, after)) {
      switch (diff.kind) {
        case DiffLine::Kind::kSame: plain(fmt::format("      {}", diff.text)); break;
        case DiffLine::Kind::kRemoved: removed(1, std::string(diff.text)); break;
        case DiffLine::Kind::kAdded: added(1, std::string(diff.text)); break;
        case DiffLine::Kind::kGap: plain("      …"); break;
      }
    }
  }

  bool is_coloured_;
  std::string out_;
  std::string current_topic_;
};

struct Counts {
  size_t schemas = 0;
  size_t levels = 0;
  size_t created = 0;
  std::set<std::string> changed;  // topics
  size_t deleted = 0;
};

Counts count(const Plan& plan) {
  Counts counts;
  for (const Action& action : plan.actions) {
    std::visit(
        Overloaded{[&](const RegisterSchema&) { ++counts.schemas; }, [&](const SetCompatibility&) { ++counts.levels; },
                   [&](const CreateTopic&) { ++counts.created; },
                   [&](const AddPartitions& add) { counts.changed.insert(add.topic); },
                   [&](const ReassignReplicas& reassign) { counts.changed.insert(reassign.topic); },
                   [&](const AlterConfigs& alter) { counts.changed.insert(alter.topic); },
                   [&](const DeleteTopic&) { ++counts.deleted; }, [&](const DeleteSubject&) { ++counts.deleted; }},
        action);
  }
  return counts;
}

std::string summary(const Plan& plan) {
  const std::string unchanged = fmt::format("{} and {} unchanged", counted(plan.unchanged_topics, "topic"),
                                            counted(plan.unchanged_schemas, "schema"));
  if (plan.actions.empty()) {
    return plan.violations.empty() ? "nothing to do: " + unchanged : unchanged;
  }
  const Counts counts = count(plan);
  const std::string levels =
      counts.levels == 0 ? "" : fmt::format("; {} to set", counted(counts.levels, "compatibility level"));
  return fmt::format("{} to register{}; {} to create, {} to change; {} to delete; {}",
                     counted(counts.schemas, "schema"), levels, counted(counts.created, "topic"), counts.changed.size(),
                     counts.deleted, unchanged);
}

}  // namespace

std::string diff_text(const Plan& plan, Colours colours) {
  Printer printer(colours);
  for (const Action& action : plan.actions) {
    std::visit([&](const auto& one) { printer.print(one); }, action);
  }
  printer.plain(summary(plan));
  return printer.take();
}

std::string action_text(const Action& action) {
  return std::visit(
      Overloaded{
          [](const RegisterSchema& a) { return fmt::format("register schema {} version {}", a.subject, a.version); },
          [](const SetCompatibility& a) { return fmt::format("set the compatibility level of {}", a.subject); },
          [](const CreateTopic& a) { return fmt::format("create topic {}", a.topic.name); },
          [](const AddPartitions& a) { return fmt::format("add partitions to topic {}", a.topic); },
          [](const ReassignReplicas& a) { return fmt::format("move replicas of topic {}", a.topic); },
          [](const AlterConfigs& a) { return fmt::format("change settings of topic {}", a.topic); },
          [](const DeleteTopic& a) { return fmt::format("delete topic {}", a.topic); },
          [](const DeleteSubject& a) { return fmt::format("delete subject {}", a.subject); }},
      action);
}

std::string report_text(const Plan& plan, const ApplyReport& report, Colours colours) {
  Printer printer(colours);
  const auto done =
      static_cast<size_t>(std::ranges::count(report.results, ActionResult::State::kDone, &ActionResult::state));
  if (done == report.results.size()) return fmt::format("done: {}\n", counted(done, "change"));
  for (size_t i = 0; i < report.results.size(); ++i) {
    const ActionResult& result = report.results[i];
    const std::string what = action_text(plan.actions[i]);
    switch (result.state) {
      case ActionResult::State::kDone: printer.added(0, "done: " + what); break;
      case ActionResult::State::kFailed: printer.removed(0, fmt::format("failed: {}: {}", what, result.message)); break;
      case ActionResult::State::kNotDone: printer.changed(0, "not done: " + what); break;
    }
  }
  printer.plain(fmt::format("{} of {} done; run it again to finish", done, counted(report.results.size(), "change")));
  return printer.take();
}

}  // namespace omashu::provision
