#ifndef ARBSTR_PROXY_SIMULATION_PROVIDER_CONNECTION_H_
#define ARBSTR_PROXY_SIMULATION_PROVIDER_CONNECTION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/simulation/network.h"

namespace arbstr::proxy::simulation {

// A provider's end of a connection: reads requests, and plays a script for each.
class ProviderConnection final : public FarEnd, public std::enable_shared_from_this<ProviderConnection> {
 public:
  ProviderConnection(Network& network, Executor executor, std::string host, int64_t id)
      : network_(network), host_(std::move(host)), id_(id), line_(std::make_shared<Line>(executor, *this)) {}

  const std::shared_ptr<Line>& line() const { return line_; }
  void OnBytes(std::string_view bytes) override;
  void OnClosed() override;
  void OnAwaited() override {
    if (request_) request_->AwaitsBytes();
  }

 private:
  void OnRequest(std::string_view head, std::string_view body);
  bool CheckRequest(std::string_view head, std::string_view body, const ProviderConfig& provider);
  void Die();
  void Play(std::shared_ptr<const std::vector<Step>> steps, size_t next);
  std::function<void()> Telling(const std::optional<ProviderEvent>& told);
  void CloseWhenIdle();

  Network& network_;
  const std::string host_;
  const int64_t id_;
  const std::shared_ptr<Line> line_;
  std::string received_;
  std::shared_ptr<RequestModel> request_;  // whose request is being answered
  int exchanges_ = 0;
  size_t taken_before_ = 0;  // of the line's bytes, before this exchange
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_PROVIDER_CONNECTION_H_
