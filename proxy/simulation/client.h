#ifndef ARBSTR_PROXY_SIMULATION_CLIENT_H_
#define ARBSTR_PROXY_SIMULATION_CLIENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/server/session.h"
#include "proxy/simulation/answer_reader.h"
#include "proxy/simulation/chance.h"
#include "proxy/simulation/line.h"
#include "proxy/simulation/request_model.h"

namespace arbstr::proxy::simulation {

// A client: connects, asks one thing after the other, reads at its own pace, and leaves when it likes.
class Client final : public FarEnd, public std::enable_shared_from_this<Client> {
 public:
  struct World {
    Timeline& timeline;
    Journal& journal;
    Chance& chance;
    SharedState& shared;
    Worker& worker;
    // Sees the rows that have been appended.
    std::function<void()> look_at_log;
    // The next request to make; nothing: there are no more.
    std::function<std::optional<ClientRequest>()> next_request;
    std::function<void(const std::shared_ptr<RequestModel>&, const std::shared_ptr<Client>&)> on_arrived;
    // Whole or not, as far as it came; the answer is checked already.
    std::function<void(const RequestModel&, const Answer&)> on_answered;
  };

  explicit Client(World& world) : world_(world) {}

  // Connects, and asks after a while.
  void Start();
  // The gateway's end of it, where there is one.
  std::shared_ptr<Session> session() const { return session_.lock(); }
  std::shared_ptr<RequestModel> request() const { return request_; }
  bool blocked() const { return line_ && line_->write_blocked(); }

  void OnBytes(std::string_view bytes) override;
  void OnClosed() override;

 private:
  void AskNext();
  void Send(const std::string& text);
  void PlanLeaving();
  void ReadSlowly();
  void Answered();
  void Check(bool ended);

  World& world_;
  std::shared_ptr<Line> line_;
  std::weak_ptr<Session> session_;
  std::shared_ptr<RequestModel> request_;  // null: nothing is asked
  AnswerReader reader_;
  bool left_ = false, slow_ = false;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_CLIENT_H_
