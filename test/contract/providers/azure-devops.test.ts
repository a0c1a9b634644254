import { azureDevopsCase } from './azure-devops-case';
import { describeProvider } from './contract';
import { describeDecoration } from './decoration-contract';
import { describeFollowing } from './follow-contract';
import { describeRecordedAnswers } from './recorded-contract';

describeProvider('azure-devops', azureDevopsCase);
describeFollowing('azure-devops', azureDevopsCase);
describeDecoration('azure-devops', azureDevopsCase);
describeRecordedAnswers('azure-devops', azureDevopsCase);
