"""What Dalil does for a citizen: rasa-sdk actions, one file for each journey, and how facts are put into words.

service_information  papers, fees, steps, times, places of a service      list_services  what there is
application          where an application stands                          faq            ministries' questions
conversation         greetings, help, cancelling                          not_understood honest ends
"""
