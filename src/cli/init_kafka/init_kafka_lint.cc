#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/counted.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/init_kafka/init_kafka_verbs.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "provision/files.h"
#include "provision/lint/lint.h"
#include "provision/lint/lint_json.h"

namespace omashu::cli {

namespace {

using provision::LintFinding;
using provision::LintRule;

class LintCommand : public Command {
 public:
  Description description() const override {
    return {.name = "lint",
            .summary = "Judge the design of the topics of a file: policies, keys, retention, names",
            .usages = {"FILE", "--rules"},
            .details =
                "Needs no network. What validate takes for a mistake is one here, too; beyond that each finding is a "
                "line with file:line:column, a severity and the rule, and the reasons follow. A row breaks a rule on "
                "purpose where a comment behind it, or in a line of its own before it, says\n"
                "  # lint off=RULE,RULE why\n"
                "The exit code is 1 where there is a finding.",
            .examples = {{"Before a commit", "init-kafka lint topics_and_schemas.txt"},
                         {"Let no error pass, and leave the rest alone",
                          "init-kafka lint topics_and_schemas.txt --severity error"},
                         {"The rules and their reasons", "init-kafka lint --rules"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("FILE", file_, "topics and schemas, a row each");
    options.choice("--severity", "LEVEL", severity_, {"info", "warning", "error"},
                   "tell of findings of this severity and above (default: info)");
    options.flag("--rules", lists_rules_, "list the rules with their reasons, and judge nothing");
    source_.declare(options);
    output_.declare(options);
  }

  Result<void> check() override {
    if (file_.has_value() == lists_rules_) return fail(ErrorCode::kInvalidArgument, "give either FILE or --rules");
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    if (lists_rules_) {
      list_rules(context);
      return ExitCode::kDone;
    }
    provision::FileTexts texts;
    const auto desired =
        load_and_report(context, output_, source_.source(*file_), provision::recording(provision::read_file, texts));
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    provision::LintReport report = provision::lint(**desired, texts.at(*file_));
    std::erase_if(report.findings, [least = provision::severity_named(severity_)](const LintFinding& finding) {
      return finding.rule->severity < least;
    });
    if (output_.is_json()) {
      context.out.line(json::to_text(provision::lint_json(report, (*desired)->warnings)));
    } else {
      print(context, report, (*desired)->topics.size());
    }
    return report.findings.empty() ? ExitCode::kDone : ExitCode::kFailed;
  }

 private:
  void list_rules(Context& context) const {
    if (output_.is_json()) {
      context.out.line(json::to_text(provision::lint_rules_json()));
      return;
    }
    for (const LintRule& rule : provision::lint_rules()) {
      context.out.line(fmt::format("{} ({}): {}", rule.name, provision::severity_name(rule.severity), rule.reason));
    }
  }

  void print(Context& context, const provision::LintReport& report, size_t topics) const {
    std::set<std::string_view> rules;
    for (const LintFinding& finding : report.findings) {
      rules.insert(finding.rule->name);
      const std::string severity(provision::severity_name(finding.rule->severity));
      context.out.line(provision::mistake_text(
          {finding.place, fmt::format("{}: {} [{}]", severity, finding.message, finding.rule->name)}));
    }
    const std::string on_purpose = report.on_purpose == 0 ? "" : fmt::format(", {} on purpose", report.on_purpose);
    if (rules.empty()) {
      context.out.line(fmt::format("{}: {}, nothing to find{}", *file_, counted(topics, "topic"), on_purpose));
      return;
    }
    context.out.line("");
    for (const std::string_view name : rules) {
      context.out.line(fmt::format("{}: {}", name, provision::find_lint_rule(name)->reason));
    }
    context.out.line(fmt::format("{}{}; where one is on purpose, write `# lint off=RULE why` before the row",
                                 counted(report.findings.size(), "finding"), on_purpose));
  }

  std::optional<std::string> file_;
  std::string severity_ = "info";
  bool lists_rules_ = false;
  SourceOptions source_;
  OutputOptions output_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_lint() { return std::make_unique<LintCommand>(); }

}  // namespace omashu::cli
