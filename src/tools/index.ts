import { activateProfile } from './activate-profile.ts';
import { catalogOf } from './catalog.ts';
import { compareLeads } from './compare-leads.ts';
import { createLead } from './create-lead.ts';
import { decideReview } from './decide-review.ts';
import { explainScore } from './explain-score.ts';
import { getCalibration } from './get-calibration.ts';
import { getCosts } from './get-costs.ts';
import { getLead } from './get-lead.ts';
import { getProfile } from './get-profile.ts';
import { importLeads } from './import-leads.ts';
import { cancelJob, getJob, listJobs } from './jobs.ts';
import { listAccounts } from './list-accounts.ts';
import { listDeals } from './list-deals.ts';
import { listImports } from './list-imports.ts';
import { listPending } from './list-pending.ts';
import { listPrices } from './list-prices.ts';
import { listProfiles } from './list-profiles.ts';
import { listReview } from './list-review.ts';
import { logActivity } from './log-activity.ts';
import { previewProfile } from './preview-profile.ts';
import { qualifyLead } from './qualify-lead.ts';
import { qualifyLeads } from './qualify-leads.ts';
import { scoreWhatIf } from './score-what-if.ts';
import { searchLeads } from './search-leads.ts';
import { removePrice, setPrice } from './set-price.ts';
import { completeTask, createTask, listTasks } from './tasks.ts';
import { topLeads } from './top-leads.ts';
import { undo } from './undo.ts';
import { deleteLead, updateLead } from './update-lead.ts';
import { updateProfile } from './update-profile.ts';
import { whoami } from './whoami.ts';

/** Every tool there is. A new one is a file of its own and a line here. */
export const tools = catalogOf([
  cancelJob,
  compareLeads,
  completeTask,
  createLead,
  createTask,
  decideReview,
  deleteLead,
  explainScore,
  getCalibration,
  getCosts,
  getJob,
  getLead,
  importLeads,
  listAccounts,
  listDeals,
  listImports,
  listJobs,
  listPending,
  listReview,
  listTasks,
  logActivity,
  scoreWhatIf,
  searchLeads,
  topLeads,
  undo,
  updateLead,
  activateProfile,
  getProfile,
  listPrices,
  setPrice,
  removePrice,
  listProfiles,
  previewProfile,
  qualifyLead,
  qualifyLeads,
  updateProfile,
  whoami,
]);
