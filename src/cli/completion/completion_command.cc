#include "cli/commands.h"
#include "cli/completion/completion.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"

namespace omashu::cli {

namespace {

class CompletionCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "completion",
        .summary = "Print a script that completes commands, options and names in a shell",
        .usages = {"bash|zsh|fish"},
        .details =
            "Commands, options and their values are completed, and the names of topics, groups, subjects, fields and "
            "enum symbols as the servers have them: where these do not answer at once, without them.",
        .examples = {{"Complete in this bash", "source <(omashu completion bash)"},
                     {"Complete in every fish", "omashu completion fish > ~/.config/fish/completions/omashu.fish"}}};
  }

  void declare(OptionParser& options) override { options.argument("SHELL", shell_, "bash, zsh or fish"); }

  Result<void> check() override {
    if (shell_ == "bash" || shell_ == "zsh" || shell_ == "fish") return {};
    return fail(ErrorCode::kInvalidArgument, "SHELL: '" + shell_ + "' is not known: write bash, zsh or fish");
  }

  Result<ExitCode> run(Context& context) override {
    context.out.text(completion_script(shell_).value_or(""));
    return ExitCode::kDone;
  }

 private:
  std::string shell_;
};

}  // namespace

std::unique_ptr<Command> make_completion_command() { return std::make_unique<CompletionCommand>(); }

}  // namespace omashu::cli
